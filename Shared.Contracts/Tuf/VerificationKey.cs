using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shared.Contracts.Json;
using Shared.Contracts.Keys;

namespace Shared.Contracts.Tuf;

/// <summary>
/// A public key as root or a delegation lists it. A key of a scheme that is not supported here, or that is not in the one encoding that is
/// accepted of it, stays in the list and verifies nothing, so that a role with enough other keys still reaches its threshold.
/// </summary>
public sealed record VerificationKey
{
    public const string EcdsaType = "ecdsa";
    public const string EcdsaScheme = "ecdsa-sha2-nistp256";
    public const string RsaScheme = "rsassa-pss-sha256";
    public const string Ed25519Scheme = "ed25519";

    private readonly CanonicalPublicKey? _key;

    private VerificationKey(string id, string keyType, string scheme, string publicText, CanonicalPublicKey? key)
    {
        (Id, KeyType, Scheme, PublicText, _key) = (id, keyType, scheme, publicText, key);
        IsUsable = key is not null || (scheme == Ed25519Scheme && Ed25519Point.IsCanonicalKey(HexOrEmpty(publicText)));
        Identity = key?.Identity
            ?? Convert.ToHexStringLower(SHA256.HashData(IsUsable ? HexOrEmpty(publicText) : Encoding.UTF8.GetBytes(publicText)));
    }

    /// <summary>The name under which it is listed; signatures refer to it.</summary>
    public string Id { get; }

    public string KeyType { get; }

    public string Scheme { get; }

    /// <summary>PEM, or for Ed25519 the hex of 32 bytes (TUF 4.2).</summary>
    public string PublicText { get; }

    /// <summary>What counts as one key towards a threshold: it depends on the key alone, whatever its id and its text.</summary>
    public string Identity { get; }

    /// <summary>True when it is a key of a known scheme in its only encoding. Any other verifies nothing.</summary>
    public bool IsUsable { get; }

    /// <summary>The id of a key by the specification: SHA-256 over its canonical JSON (TUF 4.2).</summary>
    public static string ComputeId(JsonElement key) => Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Encode(key)));

    /// <summary>A P-256 key as our relays list it, under the id of the specification.</summary>
    /// <exception cref="CryptographicException">The PEM is not one public key on that curve, named, and with an uncompressed point.</exception>
    public static VerificationKey FromEcdsa(string publicPem)
    {
        CanonicalPublicKey key = CanonicalPublicKey.ReadPem(publicPem, out string error) ?? throw new CryptographicException(error);
        if (key.Curve != CanonicalPublicKey.P256)
        {
            throw new CryptographicException("a key on the curve P-256 is needed");
        }

        ImportedKeys.Require(key);

        // As .NET writes it, so that one key has one text and with it one id.
        string pem = PemEncoding.WriteString("PUBLIC KEY", key.SubjectPublicKeyInfo);
        JsonObject listed = new()
        {
            ["keytype"] = EcdsaType,
            ["scheme"] = EcdsaScheme,
            ["keyval"] = new JsonObject { ["public"] = pem },
        };
        string id = ComputeId(StrictJson.Parse(Encoding.UTF8.GetBytes(listed.ToJsonString())));
        return new(id, EcdsaType, EcdsaScheme, pem, key);
    }

    /// <summary>True when this version, on this system, can verify signatures of the key's scheme.</summary>
    public bool IsSupported => IsSupportedBy(Ed25519.System);

    /// <summary>True when the signature is this key's over the bytes. False also for a key that is malformed or whose scheme is not
    /// supported: <see cref="IsSupported"/> tells these apart.</summary>
    public bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature) => Verifies(signed, signature, Ed25519.System);

    internal bool IsSupportedBy(Ed25519 ed25519) => Scheme is EcdsaScheme or RsaScheme || (Scheme == Ed25519Scheme && ed25519.IsSupported);

    internal bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature, Ed25519 ed25519)
    {
        if (!IsUsable || !IsSupportedBy(ed25519))
        {
            return false;
        }

        try
        {
            return Scheme switch
            {
                EcdsaScheme => ImportedKeys.Verifies(_key!, signed, signature),
                RsaScheme => VerifiesRsa(signed, signature),
                _ => ed25519.Verifies(Convert.FromHexString(PublicText), signed.ToArray(), signature.ToArray()),
            };
        }
        catch (Exception unusable) when (unusable is CryptographicException or PlatformNotSupportedException)
        {
            // A point that is not on its curve, a signature that does not parse, or a curve that this system lacks.
            return false;
        }
    }

    // Ids are not compared with ComputeId: repositories in use (those of sigstore) have ids over members that were removed later.
    // The purpose of that rule, one vote per key, is what Identity is for.
    internal static VerificationKey Read(string id, JsonElement key)
    {
        string scheme = key.Text("scheme");
        string text = key.Member("keyval").Text("public");
        CanonicalPublicKey? parsed = scheme is EcdsaScheme or RsaScheme ? CanonicalPublicKey.ReadPem(text, out _) : null;
        bool isOfScheme = scheme == EcdsaScheme ? parsed?.Curve == CanonicalPublicKey.P256 : parsed?.Curve is null;
        return new(id, key.Text("keytype"), scheme, text, isOfScheme ? parsed : null);
    }

    private static byte[] HexOrEmpty(string text) =>
        text.Length == 2 * Ed25519.KeyBytes && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : [];

    private bool VerifiesRsa(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        using RSA key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(_key!.SubjectPublicKeyInfo, out _);
        return key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    }
}
