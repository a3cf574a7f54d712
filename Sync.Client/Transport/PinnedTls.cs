using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Cms;

namespace Sync.Client.Transport;

/// <summary>Creates HTTP handlers whose TLS chains end at pinned certificates. They follow no redirects, keep no cookies and decompress
/// nothing by themselves: <see cref="CompressedBody"/> does, within bounds.</summary>
internal static class PinnedTls
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A connection that brings nothing for so long is asked whether it lives. The event stream has a heartbeat more often than
    /// that.</summary>
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(30);

    /// <summary>An event with files is sent as a whole, and so is the first part of an artifact: the relay need not wait until its beginning is
    /// read.</summary>
    private const int WindowBytes = 256 * 1024;

    public static SocketsHttpHandler CreateHandler(string? tlsRootPem, TimeSpan? connectTimeout = null) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ConnectTimeout = connectTimeout ?? ConnectTimeout,
        InitialHttp2StreamWindowSize = WindowBytes,
        KeepAlivePingDelay = PingAfter,
        KeepAlivePingTimeout = ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        SslOptions = tlsRootPem is null ? new() : new() { CertificateChainPolicy = TrustOnly(tlsRootPem) },
    };

    private static X509ChainPolicy TrustOnly(string pemPath)
    {
        X509Certificate2Collection roots = [];
        roots.ImportFromPemFile(pemPath);
        if (roots.Count == 0)
        {
            throw new CryptographicException("the file holds no certificate");
        }

        return PinnedChainPolicy.Create(roots);
    }
}
