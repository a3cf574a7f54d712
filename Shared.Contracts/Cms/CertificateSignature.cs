using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Shared.Contracts.Cms;

/// <summary>The algorithm by which an authority signed a certificate. What is sound is listed: what is broken has more names than one would list,
/// such as a second identifier of RSA over SHA-1, and RSA-PSS, whose hash is SHA-1 where it names none.</summary>
internal static class CertificateSignature
{
    private const string RsaPss = "1.2.840.113549.1.1.10";
    private static readonly Asn1Tag HashOfPss = new(TagClass.ContextSpecific, 0);

    // Signatures over SHA-2 by RSA and by ECDSA, then over SHA-3.
    private static readonly HashSet<string> SoundSignatures = new(
        [
            .. List("1.2.840.113549.1.1.", 11, 16), .. List("1.2.840.10045.4.3.", 1, 4), .. List("2.16.840.1.101.3.4.3.", 9, 16),
        ],
        StringComparer.Ordinal);

    // SHA-2 and SHA-3.
    private static readonly HashSet<string> SoundHashes = new(List("2.16.840.1.101.3.4.2.", 1, 10), StringComparer.Ordinal);

    /// <summary>False also where the algorithm cannot be read.</summary>
    public static bool IsSound(X509Certificate2 certificate)
    {
        try
        {
            AsnReader parts = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
            parts.ReadEncodedValue();
            AsnReader algorithm = parts.ReadSequence();
            string signature = algorithm.ReadObjectIdentifier();
            return SoundSignatures.Contains(signature) || (signature == RsaPss && SoundHashes.Contains(HashOf(algorithm)));
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static string HashOf(AsnReader pss)
    {
        AsnReader parameters = pss.ReadSequence();
        return parameters.HasData && parameters.PeekTag().HasSameClassAndValue(HashOfPss)
            ? parameters.ReadSequence(HashOfPss).ReadSequence().ReadObjectIdentifier()
            : "SHA-1, the default";
    }

    private static IEnumerable<string> List(string arc, int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(number => $"{arc}{number}");
}
