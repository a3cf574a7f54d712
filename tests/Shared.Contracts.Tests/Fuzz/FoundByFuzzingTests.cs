using System.Security.Cryptography;
using System.Text.Json;
using Shared.Contracts.Tests.Tuf;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Fuzz;

/// <summary>Inputs at which the product once threw instead of refusing, kept as tests of their own.</summary>
public sealed class FoundByFuzzingTests
{
    [Fact]
    [Trait("Attack", "malformed-json")]
    public async Task UpdateTimestamp_MemberNameThatIsNoUtf8_IsMalformed()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.Replace("metadata/timestamp.json", [.. "{\"signatures\":[],\"signed\":{\""u8, 0xff, .. "\":1}}"u8]);
        scene.AssertRefused(RefusalReason.MetadataMalformed);
    }

    [Fact]
    [Trait("Attack", "malformed-asn1")]
    public void Verifies_KeyOnACurveThatNobodyHas_IsFalse()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] spki = key.ExportSubjectPublicKeyInfo();
        byte[] curve = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
        spki[spki.AsSpan().IndexOf(curve) + 3] ^= 0x40;
        JsonElement listed = JsonSerializer.SerializeToElement(new
        {
            keytype = VerificationKey.EcdsaType,
            scheme = VerificationKey.EcdsaScheme,
            keyval = new { @public = PemEncoding.WriteString("PUBLIC KEY", spki) },
        });
        VerificationKey unknown = VerificationKey.Read("id", listed);

        byte[] signature = key.SignData("x"u8.ToArray(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        Assert.False(unknown.Verifies("x"u8, signature));
    }
}
