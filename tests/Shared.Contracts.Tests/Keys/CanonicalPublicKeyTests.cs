using System.Security.Cryptography;
using Shared.Contracts.Keys;

namespace Shared.Contracts.Tests.Keys;

/// <summary>The one form of a public key that counts, for metadata and for certificates alike.</summary>
public sealed class CanonicalPublicKeyTests
{
    [Theory]
    [InlineData("1.2.840.10045.3.1.7", true)]
    [InlineData("1.3.132.0.34", true)]
    [InlineData("1.3.132.0.35", true)]
    [InlineData("1.3.132.0.33", false)]
    [Trait("Attack", "weak-key")]
    public void Read_NamedCurve_IsAKeyFrom256BitsOn(string curve, bool isKey)
    {
        using ECDsa key = ECDsa.Create(ECCurve.CreateFromValue(curve));
        Assert.Equal(isKey, CanonicalPublicKey.Read(key.ExportSubjectPublicKeyInfo(), out string error) is not null);
        Assert.Equal(isKey, error.Length == 0);
    }

    [Fact]
    [Trait("Attack", "two-ids-one-key")]
    public void Read_CurveGivenByItsParameters_IsRefused()
    {
        using ECDsa named = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa explicitly = ECDsa.Create(named.ExportExplicitParameters(false));

        Assert.Null(CanonicalPublicKey.Read(explicitly.ExportSubjectPublicKeyInfo(), out string error));
        Assert.Contains("parameters", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1024, false)]
    [InlineData(2048, true)]
    [Trait("Attack", "weak-key")]
    public void Read_Rsa_IsAKeyFrom2048BitsOn(int bits, bool isKey)
    {
        using RSA key = RSA.Create(bits);
        Assert.Equal(isKey, CanonicalPublicKey.Read(key.ExportSubjectPublicKeyInfo(), out _) is not null);
    }

    [Fact]
    [Trait("Attack", "malformed-asn1")]
    public void Read_AnyTruncationOrTrailingByte_IsRefused()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] spki = key.ExportSubjectPublicKeyInfo();

        Assert.All(Enumerable.Range(0, spki.Length), length => Assert.Null(CanonicalPublicKey.Read(spki.AsSpan(0, length), out _)));
        Assert.Null(CanonicalPublicKey.Read([.. spki, 0], out _));
        Assert.NotNull(CanonicalPublicKey.Read(spki, out _));
    }
}
