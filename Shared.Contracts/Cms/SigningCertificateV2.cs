using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Shared.Contracts.Cms;

/// <summary>The value of the signing-certificate-v2 attribute in its shortest DER: one certificate, SHA-256, no issuer.</summary>
public static class SigningCertificateV2
{
    public static byte[] Encode(X509Certificate2 certificate)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteOctetString(SHA256.HashData(certificate.RawDataMemory.Span));
        }

        return writer.Encode();
    }
}
