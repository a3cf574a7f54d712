using System.Formats.Asn1;

namespace Shared.Contracts.Cms;

/// <summary>
/// Checks the parts of a CMS message that no signature covers and that <c>SignedCms</c> ignores. Each may have one value only,
/// so that an altered file does not pass.
/// </summary>
internal static class CmsStructure
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);

    /// <summary>Null for SignedData of version 1 over data that is not inside it, with SHA-256 named once.</summary>
    /// <exception cref="AsnContentException">The bytes have another structure.</exception>
    public static string? FindError(ReadOnlyMemory<byte> der)
    {
        AsnReader content = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        if (content.ReadObjectIdentifier() != CmsProfile.SignedData)
        {
            return "it is not signed data";
        }

        AsnReader signedData = content.ReadSequence(Context0).ReadSequence();
        if (signedData.ReadInteger() != 1 || !NamesSha256Once(signedData.ReadSetOf()))
        {
            return "it is not of version 1 with SHA-256";
        }

        AsnReader encapsulated = signedData.ReadSequence();
        if (encapsulated.ReadObjectIdentifier() != CmsProfile.Data || encapsulated.HasData)
        {
            return "the content is not detached data";
        }

        if (FindBagError(signedData.ReadSetOf(Context0)) is { } bag)
        {
            return bag;
        }

        if (signedData.HasData && signedData.PeekTag().HasSameClassAndValue(Context1))
        {
            return "it carries revocation lists";
        }

        AsnReader signers = signedData.ReadSetOf();
        while (signers.HasData)
        {
            if (signers.ReadSequence().ReadInteger() != 1)
            {
                return "a signer is not named by issuer and serial number";
            }
        }

        return null;
    }

    private static string? FindBagError(AsnReader certificates)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (certificates.HasData)
        {
            // The other choices are obsolete forms and attribute certificates, which SignedCms skips.
            if (certificates.PeekTag() != Asn1Tag.Sequence)
            {
                return "it carries a certificate that is not one of X.509";
            }

            if (!seen.Add(Convert.ToHexString(certificates.ReadEncodedValue().Span)))
            {
                return "it carries a certificate twice";
            }
        }

        return null;
    }

    private static bool NamesSha256Once(AsnReader algorithms)
    {
        AsnReader algorithm = algorithms.ReadSequence();
        return algorithm.ReadObjectIdentifier() == CmsProfile.Sha256 && !algorithm.HasData && !algorithms.HasData;
    }
}
