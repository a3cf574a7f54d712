using System.Text;
using System.Text.Json.Nodes;
using Relay.Server.Signing.Evidence;

namespace Relay.Server.Tests.Training;

public sealed class GiverSignatureTests
{
    private static readonly byte[] Model = "a model"u8.ToArray();
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public void Verify_NothingGiven_IsNoSignerAndNoRefusal() =>
        Assert.Equal(new GiverVerdict(null, null), GiverSignature.Verify(null, null, Model, Now));

    [Fact]
    public void Verify_SignedByTheGiver_NamesHim()
    {
        using GiverKey giver = new();

        GiverVerdict byCertificate = Verify(giver.Sign(Model), giver.CertificatePem);
        GiverVerdict byKey = Verify(giver.Sign(Model, withCertificate: false), giver.PublicKeyPem);
        GiverVerdict amongOthers = Verify(giver.Sign(Model, others: ["readme"u8.ToArray()]), giver.CertificatePem);

        Assert.Equal("CN=Giver", byCertificate.Signer!.Subject);
        Assert.Equal(byCertificate.Signer.KeySha256, byKey.Signer!.KeySha256);
        Assert.Null(byKey.Signer.Subject);
        Assert.Null(amongOthers.Refusal);
    }

    public static TheoryData<string> Faults =>
    [
        "another file", "another giver", "another key", "no giver", "no signature", "expired", "altered payload", "another statement",
        "another digest of all",
        "two signatures", "a bare key for a certificate", "not JSON", "not base64", "a giver that is none", "no resource",
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    [Trait("Attack", "giver-signature")]
    public void Verify_WhatTheGiverDidNotSign_IsRefused(string fault)
    {
        using GiverKey giver = new();
        using GiverKey other = new();
        using GiverKey expired = new(notAfter: Now.AddDays(-1));
        byte[] sound = giver.Sign(Model);
        GiverVerdict verdict = fault switch
        {
            "another file" => GiverSignature.Verify(Base64(sound), Base64(giver.CertificatePem), "another model"u8, Now),
            "another giver" => Verify(sound, other.CertificatePem),
            "another key" => Verify(sound, other.PublicKeyPem),
            "no giver" => GiverSignature.Verify(Base64(sound), null, Model, Now),
            "no signature" => GiverSignature.Verify("", Base64(giver.CertificatePem), Model, Now),
            "expired" => Verify(expired.Sign(Model), expired.CertificatePem),
            "altered payload" => Verify(Alter(sound, e => e["payload"] = Convert.ToBase64String("{}"u8)), giver.CertificatePem),
            "another statement" => Verify(giver.Sign(Model, alter: s => s["predicateType"] = "https://slsa.dev/provenance/v1"), giver.CertificatePem),
            "another digest of all" =>
                Verify(giver.Sign(Model, alter: s => s["subject"]![0]!["digest"]!["sha256"] = new string('0', 64)), giver.CertificatePem),
            "two signatures" => Verify(Alter(sound, e => e["signatures"]!.AsArray().Add(e["signatures"]![0]!.DeepClone())), giver.CertificatePem),
            "a bare key for a certificate" => Verify(giver.Sign(Model, withCertificate: false), giver.CertificatePem),
            "not JSON" => Verify("{"u8.ToArray(), giver.CertificatePem),
            "not base64" => GiverSignature.Verify("%", Base64(giver.CertificatePem), Model, Now),
            "a giver that is none" => Verify(sound, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"),
            _ => Verify(giver.Sign(Model, alter: s => s["predicate"]!["resources"] = new JsonArray()), giver.CertificatePem),
        };

        Assert.Null(verdict.Signer);
        Assert.NotNull(verdict.Refusal);
    }

    private static GiverVerdict Verify(byte[] bundle, string giver) => GiverSignature.Verify(Base64(bundle), Base64(giver), Model, Now);

    private static byte[] Alter(byte[] bundle, Action<JsonObject> change)
    {
        JsonObject json = JsonNode.Parse(bundle)!.AsObject();
        change(json["dsseEnvelope"]!.AsObject());
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes);

    private static string Base64(string text) => Base64(Encoding.UTF8.GetBytes(text));
}
