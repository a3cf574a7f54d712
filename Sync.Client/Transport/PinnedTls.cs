using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Sync.Client.Transport;

/// <summary>Creates HTTP handlers whose TLS chains end at pinned certificates. They follow no redirects, keep no cookies and decompress
/// nothing, because only the stored bytes match the signed digests.</summary>
internal static class PinnedTls
{
    public static SocketsHttpHandler CreateHandler(string? tlsRootPem) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        SslOptions = tlsRootPem is null ? new() : new() { CertificateChainPolicy = TrustOnly(tlsRootPem) },
    };

    private static X509ChainPolicy TrustOnly(string pemPath)
    {
        // A private root has no revocation service: an operator revokes the relay's certificate by replacing the pin.
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.ImportFromPemFile(pemPath);
        return policy;
    }
}
