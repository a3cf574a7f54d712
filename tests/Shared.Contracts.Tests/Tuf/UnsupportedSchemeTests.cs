using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Tuf;

/// <summary>Keys whose signatures this system cannot verify: they have no vote, and a refusal that is due to them says so.</summary>
public sealed class UnsupportedSchemeTests : IDisposable
{
    private static readonly Ed25519 Missing = new(isSupported: false);

    private readonly ECDsa _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public void Check_ThresholdNeedsEd25519WhereItIsMissing_RefusalNamesTheScheme()
    {
        Refusal? refusal = Check(threshold: 2, Missing, "ecdsa", "ed25519");

        Assert.Equal((RefusalReason.MetadataSchemeUnsupported, "root"), (refusal?.Reason, refusal?.Subject));
        Assert.Contains("'ed25519'", refusal?.Detail);
    }

    [Fact]
    public void Check_EnoughOtherKeysHaveSigned_IsAccepted() => Assert.Null(Check(threshold: 1, Missing, "ecdsa", "ed25519"));

    [Fact]
    public void Check_TooFewEvenWithEd25519_IsASignatureThatIsMissing() =>
        Assert.Equal(RefusalReason.MetadataSignature, Check(threshold: 3, Missing, "ecdsa", "ed25519")?.Reason);

    [Fact]
    public void Check_Ed25519DidNotSign_IsASignatureThatIsMissing() =>
        Assert.Equal(RefusalReason.MetadataSignature, Check(threshold: 2, Missing, "ecdsa")?.Reason);

    [Fact]
    [Trait("Attack", "two-ids-one-key")]
    public void Check_OneUnsupportedKeyUnderTwoIds_CountsOnce() =>
        Assert.Equal(RefusalReason.MetadataSignature, Check(threshold: 3, Missing, "ecdsa", "ed25519", "ed25519-again")?.Reason);

    [Fact]
    public void Check_SchemeThatNoVersionKnows_RefusalNamesTheScheme() =>
        Assert.Contains("'sphincs'", Check(threshold: 2, Ed25519.System, "ecdsa", "sphincs")?.Detail);

    [Fact]
    public void Check_Ed25519WhereItIsSupported_WrongSignatureDoesNotVerify()
    {
        Assert.SkipUnless(Ed25519.System.IsSupported, "This system has no OpenSSL 3.");

        Assert.Equal(RefusalReason.MetadataSignature, Check(threshold: 2, Ed25519.System, "ecdsa", "ed25519")?.Reason);
    }

    [Fact]
    public void Verifies_Ed25519WhereItIsMissing_Throws() =>
        Assert.Throws<PlatformNotSupportedException>(() => Missing.Verifies(new byte[Ed25519.KeyBytes], [1], [2]));

    public void Dispose() => _ecdsa.Dispose();

    private Refusal? Check(int threshold, Ed25519 ed25519, params string[] signers)
    {
        Dictionary<string, VerificationKey> keys = new()
        {
            ["ecdsa"] = Key("ecdsa", VerificationKey.EcdsaScheme, _ecdsa.ExportSubjectPublicKeyInfoPem()),
            ["ed25519"] = Key("ed25519", VerificationKey.Ed25519Scheme, new string('a', 2 * Ed25519.KeyBytes)),
            ["ed25519-again"] = Key("ed25519-again", VerificationKey.Ed25519Scheme, new string('A', 2 * Ed25519.KeyBytes)),
            ["sphincs"] = Key("sphincs", "sphincs", "key"),
        };
        JsonObject signed = new() { ["version"] = 1 };
        byte[] signature = _ecdsa.SignData(
            CanonicalJson.Encode(JsonSerializer.SerializeToElement(signed)), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        JsonArray signatures = [.. signers.Select(id => (JsonNode)new JsonObject
        {
            ["keyid"] = id,
            ["sig"] = id == "ecdsa" ? Convert.ToHexStringLower(signature) : new string('0', 128),
        })];
        JsonObject file = new() { ["signed"] = signed, ["signatures"] = signatures };
        return new RoleKeys([.. keys.Keys], threshold).Check(
            SignedEnvelope.Parse(JsonSerializer.SerializeToUtf8Bytes(file)), keys, "root", ed25519);
    }

    private static VerificationKey Key(string id, string scheme, string text) => VerificationKey.Read(
        id, JsonSerializer.SerializeToElement(new JsonObject
        {
            ["keytype"] = "key",
            ["scheme"] = scheme,
            ["keyval"] = new JsonObject { ["public"] = text },
        }));
}
