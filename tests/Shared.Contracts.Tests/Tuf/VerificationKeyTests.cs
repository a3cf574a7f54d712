using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Tuf;

/// <summary>The kinds of keys that repositories of others use.</summary>
public sealed class VerificationKeyTests
{
    // RFC 8032, section 7.1, test 3.
    private const string Ed25519Public = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
    private const string Ed25519Signature =
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a";

    private static readonly byte[] Ed25519Message = [0xaf, 0x82];

    [Fact]
    public void Verifies_Ed25519OfTheStandard_IsTrueAndFalseForAnyOtherMessageSignatureOrKey()
    {
        if (!Ed25519.System.IsSupported)
        {
            Assert.Skip("This system has no OpenSSL 3.");
        }

        VerificationKey key = Read("ed25519", VerificationKey.Ed25519Scheme, Ed25519Public);
        byte[] signature = Convert.FromHexString(Ed25519Signature);

        Assert.True(key.Verifies(Ed25519Message, signature));
        Assert.False(key.Verifies([0xaf, 0x83], signature));
        Assert.False(key.Verifies(Ed25519Message, [.. signature[..^1], (byte)(signature[^1] ^ 1)]));
        Assert.False(key.Verifies(Ed25519Message, signature[..^1]));
        Assert.False(key.Verifies(Ed25519Message, []));
        Assert.False(Read("ed25519", VerificationKey.Ed25519Scheme, "00" + Ed25519Public[2..]).Verifies(Ed25519Message, signature));
    }

    [Theory]
    [InlineData("")]
    [InlineData("fc51")]
    [InlineData("not hex at all, but sixty-four characters long, which is a key's.")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----")]
    public void Verifies_Ed25519KeyThatIsNone_IsFalse(string key) =>
        Assert.False(Read("ed25519", VerificationKey.Ed25519Scheme, key).Verifies(Ed25519Message, Convert.FromHexString(Ed25519Signature)));

    [Fact]
    [Trait("Attack", "two-ids-one-key")]
    public void Identity_Ed25519InUpperCase_IsTheSameKey() => Assert.Equal(
        Read("ed25519", VerificationKey.Ed25519Scheme, Ed25519Public).Identity,
        Read("ed25519", VerificationKey.Ed25519Scheme, Ed25519Public.ToUpperInvariant()).Identity);

    [Fact]
    public void Verifies_RsaPss_IsTrueAndFalseForAnyOtherMessagePaddingOrHash()
    {
        using RSA rsa = RSA.Create(2048);
        VerificationKey key = Read("rsa", VerificationKey.RsaScheme, rsa.ExportSubjectPublicKeyInfoPem());

        Assert.True(key.Verifies("file"u8, rsa.SignData("file"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));
        Assert.False(key.Verifies("FILE"u8, rsa.SignData("file"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));
        Assert.False(key.Verifies("file"u8, rsa.SignData("file"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        Assert.False(key.Verifies("file"u8, rsa.SignData("file"u8, HashAlgorithmName.SHA512, RSASignaturePadding.Pss)));
        Assert.False(key.Verifies("file"u8, []));
    }

    [Fact]
    public void Verifies_RsaKeyThatIsTooShort_IsFalse()
    {
        using RSA rsa = RSA.Create(1024);
        VerificationKey key = Read("rsa", VerificationKey.RsaScheme, rsa.ExportSubjectPublicKeyInfoPem());

        Assert.False(key.Verifies("file"u8, rsa.SignData("file"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));
    }

    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000080")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [Trait("Attack", "weak-key")]
    public void IsUsable_Ed25519PointOfSmallOrderOrInASecondEncoding_IsFalse(string key) =>
        Assert.False(Read("ed25519", VerificationKey.Ed25519Scheme, key).IsUsable);

    [Fact]
    [Trait("Attack", "two-ids-one-key")]
    public void Identity_RsaModulusWithAnotherExponent_IsTheSameKey()
    {
        using RSA rsa = RSA.Create(2048);
        using RSA twin = RSA.Create();
        twin.ImportParameters(rsa.ExportParameters(false) with { Exponent = [3] });

        VerificationKey first = Read("rsa", VerificationKey.RsaScheme, rsa.ExportSubjectPublicKeyInfoPem());
        VerificationKey second = Read("rsa", VerificationKey.RsaScheme, twin.ExportSubjectPublicKeyInfoPem());
        Assert.True(first.IsUsable && second.IsUsable);
        Assert.Equal(first.Identity, second.Identity);
    }

    [Fact]
    [Trait("Attack", "two-ids-one-key")]
    public void IsUsable_RsaKeyInTheFormOfPkcs1_IsFalse()
    {
        using RSA rsa = RSA.Create(2048);
        Assert.False(Read("rsa", VerificationKey.RsaScheme, rsa.ExportRSAPublicKeyPem()).IsUsable);
        Assert.True(Read("rsa", VerificationKey.RsaScheme, rsa.ExportSubjectPublicKeyInfoPem() + "\r\n").IsUsable);
    }

    [Fact]
    public void FromEcdsa_KeyWithoutANamedCurveOrWithTextAround_IsRefused()
    {
        using ECDsa named = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa explicitly = ECDsa.Create(named.ExportExplicitParameters(false));
        using ECDsa larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        string pem = named.ExportSubjectPublicKeyInfoPem();

        Assert.All(
            (string[])[explicitly.ExportSubjectPublicKeyInfoPem(), larger.ExportSubjectPublicKeyInfoPem(), "key:\n" + pem, pem + "\n" + pem,
                named.ExportPkcs8PrivateKeyPem(), ""],
            text => Assert.Throws<CryptographicException>(() => VerificationKey.FromEcdsa(text)));
        Assert.Equal(pem, VerificationKey.FromEcdsa(pem + "\n").PublicText);
    }

    [Theory]
    [InlineData(VerificationKey.EcdsaScheme)]
    [InlineData(VerificationKey.Ed25519Scheme)]
    [InlineData("unknown")]
    public void Verifies_RsaKeyUnderAnotherScheme_IsFalse(string scheme)
    {
        using RSA rsa = RSA.Create(2048);
        byte[] signature = rsa.SignData("file"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);

        Assert.False(Read("rsa", scheme, rsa.ExportSubjectPublicKeyInfoPem()).Verifies("file"u8, signature));
    }

    private static VerificationKey Read(string type, string scheme, string text)
    {
        JsonObject key = new() { ["keytype"] = type, ["scheme"] = scheme, ["keyval"] = new JsonObject { ["public"] = text } };
        return VerificationKey.Read("id", JsonSerializer.SerializeToElement(key));
    }
}
