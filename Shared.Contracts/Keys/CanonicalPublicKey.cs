using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Shared.Contracts.Keys;

/// <summary>
/// A public key that may count: RSA of 2,048 bits or more, or ECDSA on a named curve of 256 bits or more, in the only encoding that is
/// accepted of it. Keys are compared by <see cref="Identity"/>, which depends on the key and on nothing around it.
/// </summary>
internal sealed record CanonicalPublicKey
{
    public const string P256 = "1.2.840.10045.3.1.7";

    private const string EcOid = "1.2.840.10045.2.1";
    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const int MinimumRsaBits = 2048;
    private const int MaximumRsaBits = 16_384;
    private const byte UncompressedPoint = 4;

    // Bytes of a coordinate: P-256, P-384 and P-521, those of Brainpool, and secp256k1.
    private static readonly Dictionary<string, int> Curves = new(StringComparer.Ordinal)
    {
        [P256] = 32,
        ["1.3.132.0.34"] = 48,
        ["1.3.132.0.35"] = 66,
        ["1.3.36.3.3.2.8.1.1.7"] = 32,
        ["1.3.36.3.3.2.8.1.1.11"] = 48,
        ["1.3.36.3.3.2.8.1.1.13"] = 64,
        ["1.3.132.0.10"] = 32,
    };

    private CanonicalPublicKey(byte[] subjectPublicKeyInfo, string? curve, byte[] subject)
    {
        SubjectPublicKeyInfo = subjectPublicKeyInfo;
        Curve = curve;
        Identity = Convert.ToHexStringLower(SHA256.HashData(subject));
    }

    /// <summary>DER.</summary>
    public byte[] SubjectPublicKeyInfo { get; }

    /// <summary>The object identifier of the curve; null for RSA.</summary>
    public string? Curve { get; }

    /// <summary>The same for two keys that one person holds: for RSA, the modulus alone decides.</summary>
    public string Identity { get; }

    public bool Equals(CanonicalPublicKey? other) => other is not null && Identity == other.Identity;

    public override int GetHashCode() => Identity.GetHashCode(StringComparison.Ordinal);

    /// <summary>Reads a SubjectPublicKeyInfo (RFC 5280).</summary>
    /// <param name="error">Why there is no key; empty when there is one.</param>
    public static CanonicalPublicKey? Read(ReadOnlySpan<byte> subjectPublicKeyInfo, out string error)
    {
        byte[] der = subjectPublicKeyInfo.ToArray();
        try
        {
            AsnReader outer = new(der, AsnEncodingRules.DER);
            AsnReader info = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            AsnReader algorithm = info.ReadSequence();
            string oid = algorithm.ReadObjectIdentifier();
            CanonicalPublicKey? key = oid switch
            {
                EcOid => ReadEc(der, algorithm, info, out error),
                RsaOid => ReadRsa(der, algorithm, info, out error),
                _ => Refuse("the key is neither RSA nor ECDSA", out error),
            };
            algorithm.ThrowIfNotEmpty();
            info.ThrowIfNotEmpty();
            return key;
        }
        catch (AsnContentException)
        {
            return Refuse("the key is not in the canonical encoding", out error);
        }
    }

    /// <summary>Reads the one PEM block of a public key, with nothing but white space around it.</summary>
    /// <param name="error">Why there is no key; empty when there is one.</param>
    public static CanonicalPublicKey? ReadPem(string pem, out string error)
    {
        ReadOnlySpan<char> text = pem.AsSpan().Trim();
        if (!PemEncoding.TryFind(text, out PemFields fields) || text[fields.Label] is not "PUBLIC KEY"
            || fields.Location.Start.Value != 0 || fields.Location.End.Value != text.Length)
        {
            return Refuse("not one PEM block of a public key, and nothing else", out error);
        }

        return Read(Convert.FromBase64String(text[fields.Base64Data].ToString()), out error);
    }

    private static CanonicalPublicKey? ReadEc(byte[] der, AsnReader algorithm, AsnReader info, out string error)
    {
        // Explicit parameters would be a sequence here: they can describe any curve, and a known one in many ways.
        if (algorithm.PeekTag() != Asn1Tag.ObjectIdentifier)
        {
            return RefuseRest("the curve is given by its parameters and not by its name", algorithm, info, out error);
        }

        string curve = algorithm.ReadObjectIdentifier();
        byte[] point = info.ReadBitString(out int unused);
        return !Curves.TryGetValue(curve, out int size) ? Refuse("the curve is unknown, or has fewer than 256 bits", out error)
            : unused != 0 || point.Length != (2 * size) + 1 || point[0] != UncompressedPoint
                ? Refuse("the key is not in the canonical encoding, an uncompressed point", out error)
            : Accept(new(der, curve, der), out error);
    }

    private static CanonicalPublicKey? ReadRsa(byte[] der, AsnReader algorithm, AsnReader info, out string error)
    {
        algorithm.ReadNull();
        AsnReader outer = new(info.ReadBitString(out int unused), AsnEncodingRules.DER);
        AsnReader key = outer.ReadSequence();
        System.Numerics.BigInteger modulus = key.ReadInteger();
        System.Numerics.BigInteger exponent = key.ReadInteger();
        key.ThrowIfNotEmpty();
        outer.ThrowIfNotEmpty();
        return modulus.Sign <= 0 || exponent < 3 || exponent.IsEven || unused != 0 ? Refuse("the key is not an RSA key", out error)
            : modulus.GetBitLength() < MinimumRsaBits ? Refuse($"the RSA key has fewer than {MinimumRsaBits} bits", out error)
            : modulus.GetBitLength() > MaximumRsaBits ? Refuse($"the RSA key has more than {MaximumRsaBits} bits", out error)
            : Accept(new(der, curve: null, modulus.ToByteArray()), out error);
    }

    private static CanonicalPublicKey Accept(CanonicalPublicKey key, out string error)
    {
        error = "";
        return key;
    }

    private static CanonicalPublicKey? Refuse(string why, out string error)
    {
        error = why;
        return null;
    }

    private static CanonicalPublicKey? RefuseRest(string why, AsnReader algorithm, AsnReader info, out string error)
    {
        algorithm.ReadEncodedValue();
        info.ReadEncodedValue();
        return Refuse(why, out error);
    }
}
