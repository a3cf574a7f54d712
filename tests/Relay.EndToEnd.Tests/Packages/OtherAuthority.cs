using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Relay.EndToEnd.Tests.Packages;

/// <summary>A TLS authority that signed no certificate of a relay.</summary>
internal static class OtherAuthority
{
    public static string CreatePem()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=another authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return certificate.ExportCertificatePem();
    }
}
