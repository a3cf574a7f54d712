using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Shared.Contracts.Json;

namespace Shared.Contracts.Tuf;

/// <summary>
/// A public key as root or a delegation lists it. A key of a scheme that is not supported here, or whose PEM does not parse, stays in
/// the list and verifies nothing, so that a role with enough other keys still reaches its threshold.
/// </summary>
/// <param name="Id">The name under which it is listed; signatures refer to it.</param>
/// <param name="PublicText">PEM, or for Ed25519 the hex of 32 bytes (TUF 4.2).</param>
/// <param name="Identity">What counts as one key towards a threshold: hex of the SHA-256 of the public key itself, whatever its id.</param>
public sealed record VerificationKey(string Id, string KeyType, string Scheme, string PublicText, string Identity)
{
    public const string EcdsaType = "ecdsa";
    public const string EcdsaScheme = "ecdsa-sha2-nistp256";
    public const string RsaScheme = "rsassa-pss-sha256";
    public const string Ed25519Scheme = "ed25519";

    private const int MinimumRsaBits = 2048;

    /// <summary>The id of a key by the specification: SHA-256 over its canonical JSON (TUF 4.2).</summary>
    public static string ComputeId(JsonElement key) => Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Encode(key)));

    /// <summary>A P-256 key as our relays list it, under the id of the specification.</summary>
    /// <exception cref="CryptographicException">The PEM is not a public key on that curve.</exception>
    public static VerificationKey FromEcdsa(string publicPem)
    {
        using ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(publicPem);
        }
        catch (ArgumentException notPem)
        {
            throw new CryptographicException("not one PEM of a public key", notPem);
        }

        if (key.ExportParameters(false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
        {
            throw new CryptographicException("a key on the curve P-256 is needed");
        }

        // As .NET writes it, so that one key has one text and with it one id.
        string pem = key.ExportSubjectPublicKeyInfoPem();
        JsonElement listed = JsonSerializer.SerializeToElement(
            new Dictionary<string, object>
            {
                ["keytype"] = EcdsaType,
                ["scheme"] = EcdsaScheme,
                ["keyval"] = new Dictionary<string, string> { ["public"] = pem },
            });
        return new(ComputeId(listed), EcdsaType, EcdsaScheme, pem, IdentityOf(EcdsaScheme, pem));
    }

    /// <summary>True when this version, on this system, can verify signatures of the key's scheme.</summary>
    public bool IsSupported => IsSupportedBy(Ed25519.System);

    /// <summary>True when the signature is this key's over the bytes. False also for a key that is malformed or whose scheme is not
    /// supported: <see cref="IsSupported"/> tells these apart.</summary>
    public bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature) => Verifies(signed, signature, Ed25519.System);

    internal bool IsSupportedBy(Ed25519 ed25519) => Scheme is EcdsaScheme or RsaScheme || (Scheme == Ed25519Scheme && ed25519.IsSupported);

    internal bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature, Ed25519 ed25519)
    {
        if (!IsSupportedBy(ed25519))
        {
            return false;
        }

        try
        {
            return Scheme switch
            {
                EcdsaScheme => VerifiesEcdsa(signed, signature),
                RsaScheme => VerifiesRsa(signed, signature),
                _ => ed25519.Verifies(Convert.FromHexString(PublicText), signed.ToArray(), signature.ToArray()),
            };
        }
        catch (Exception unusable) when (
            unusable is CryptographicException or ArgumentException or FormatException or PlatformNotSupportedException)
        {
            // A key or signature that does not parse does not verify, nor does a key on a curve that this system lacks.
            return false;
        }
    }

    // Ids are not compared with ComputeId: repositories in use (those of sigstore) have ids over members that were removed later.
    // The purpose of that rule, one vote per key, is what Identity is for.
    internal static VerificationKey Read(string id, JsonElement key)
    {
        string scheme = key.Text("scheme");
        string text = key.Member("keyval").Text("public");
        return new(id, key.Text("keytype"), scheme, text, IdentityOf(scheme, text));
    }

    private static string IdentityOf(string scheme, string text)
    {
        byte[] subject =
            scheme == Ed25519Scheme && text.Length == 2 * Ed25519.KeyBytes && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text)
            : PemEncoding.TryFind(text, out PemFields fields) && text[fields.Label] == "PUBLIC KEY"
                ? Convert.FromBase64String(text[fields.Base64Data])
                : Encoding.UTF8.GetBytes(text);
        return Convert.ToHexStringLower(SHA256.HashData(subject));
    }

    private bool VerifiesEcdsa(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        using ECDsa key = ECDsa.Create();
        key.ImportFromPem(PublicText);
        return key.KeySize == 256
            && key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    private bool VerifiesRsa(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        using RSA key = RSA.Create();
        key.ImportFromPem(PublicText);
        return key.KeySize >= MinimumRsaBits
            && key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    }
}
