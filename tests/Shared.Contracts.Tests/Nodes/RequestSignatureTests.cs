using System.Security.Cryptography;
using System.Text;
using Shared.Contracts.Nodes;

namespace Shared.Contracts.Tests.Nodes;

/// <summary>The one form of a node's signature on a request, and everything that looks like it.</summary>
public sealed partial class RequestSignatureTests : IDisposable
{
    private const string Target = "/v1/nodes/node-7/check-ins?a=1&b=%20";
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, 750, TimeSpan.Zero);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"node":"node-7"}""");

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Create_Post_HasTheInputOfTheStandard()
    {
        RequestSignature signature = Sign(Post());

        Assert.Equal(
            "relay=(\"@method\" \"@path\" \"@query\" " +
                "\"content-digest\");created=1769860800;keyid=\"node-7\";alg=\"ecdsa-p256-sha256\";tag=\"relay-node\"",
            signature.Input);
        Assert.Matches("^relay=:[A-Za-z0-9+/]{86}==:$", signature.Signature);
    }

    [Fact]
    public void Create_SignsTheSignatureBaseOfTheStandard()
    {
        RequestSignature signature = Sign(Post());
        string expected = string.Join('\n',
            "\"@method\": POST",
            "\"@path\": /v1/nodes/node-7/check-ins",
            "\"@query\": ?a=1&b=%20",
            "\"content-digest\": sha-256=:" + Convert.ToBase64String(SHA256.HashData(Body)) + ":",
            "\"@signature-params\": " + signature.Input["relay=".Length..]);

        Assert.True(_key.VerifyData(
            Encoding.ASCII.GetBytes(expected), Convert.FromBase64String(signature.Signature["relay=:".Length..^1]),
            HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    [Fact]
    public void ToDer_AnySignature_IsTheOneThatToolsVerifyOverTheSignatureBase()
    {
        for (int i = 0; i < 50; i++)
        {
            RequestSignature signature = Sign(Post());

            Assert.True(_key.VerifyData(
                signature.SignatureBase(Post()), signature.ToDer(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }
    }

    [Theory]
    [InlineData("GET", "/v1/repository/metadata/timestamp.json")]
    [InlineData("HEAD", "/models/list?")]
    [InlineData("GET", "/")]
    public void Read_WhatCreateWrote_IsAcceptedAndValid(string method, string target)
    {
        CoveredComponents components = Components(method, target, null);
        RequestSignature read = Read(Sign(components));

        Assert.Equal("node-7", read.NodeId);
        Assert.Equal(1769860800, read.Created.ToUnixTimeSeconds());
        Assert.False(read.CoversBody);
        Assert.True(read.IsValidFor(components, _key));
    }

    [Fact]
    [Trait("Attack", "altered-request")]
    public void IsValidFor_AnyOtherRequest_IsFalse()
    {
        RequestSignature signature = Read(Sign(Post()));
        Assert.True(signature.IsValidFor(Post(), _key));

        Assert.False(signature.IsValidFor(Components("PUT", Target, ContentDigest.Create(Body)), _key));
        Assert.False(signature.IsValidFor(Components("POST", "/v1/nodes/node-8/check-ins?a=1&b=%20", ContentDigest.Create(Body)), _key));
        Assert.False(signature.IsValidFor(Components("POST", "/v1/nodes/node-7/check-ins?a=2", ContentDigest.Create(Body)), _key));
        Assert.False(signature.IsValidFor(Components("POST", Target, ContentDigest.Create("{}"u8)), _key));
        Assert.False(signature.IsValidFor(Components("GET", Target, null), _key));
    }

    [Theory]
    [InlineData("created=1769860800", "created=1769860801")]
    [InlineData("node-7", "node-8")]
    [Trait("Attack", "altered-request")]
    public void IsValidFor_AnotherParameter_IsFalse(string one, string other)
    {
        RequestSignature signature = Sign(Post());
        RequestSignature altered = RequestSignature.Read(signature.Input.Replace(one, other, StringComparison.Ordinal), signature.Signature).Value!;

        Assert.False(altered.IsValidFor(Post(), _key));
    }

    [Fact]
    [Trait("Attack", "key-of-another-node")]
    public void IsValidFor_AnotherKey_IsFalse()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa large = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.False(Sign(Post()).IsValidFor(Post(), other));
        Assert.False(Sign(Post()).IsValidFor(Post(), large));
    }

    [Fact]
    public void Create_WithAnIdOrKeyThatIsNone_Throws()
    {
        using ECDsa large = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.Throws<ArgumentException>(() => RequestSignature.Create(Post(), "a b", Now, _key));
        Assert.Throws<ArgumentException>(() => RequestSignature.Create(Post(), "node-7", Now, large));
    }

    private RequestSignature Sign(CoveredComponents components) => RequestSignature.Create(components, "node-7", Now, _key);

    private static RequestSignature Read(RequestSignature written) => RequestSignature.Read(written.Input, written.Signature).Value!;

    private static CoveredComponents Post() => Components("POST", Target, ContentDigest.Create(Body));

    private static CoveredComponents Components(string method, string target, string? digest) =>
        CoveredComponents.Create(method, target, digest).Value!;
}
