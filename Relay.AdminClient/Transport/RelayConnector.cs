using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shared.Contracts.Cms;

namespace Relay.AdminClient.Transport;

/// <summary>Makes connections to relays.</summary>
internal static class RelayConnector
{
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(100);

    /// <summary>A network that drops packets answers nothing: without a limit, a connection is tried for minutes.</summary>
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);

    /// <param name="trust">The authorities to trust; null: the system's.</param>
    /// <param name="key">An API key; null for the open routes only.</param>
    /// <param name="token">Gives a token for each request, in place of a key; null: the key is sent.</param>
    /// <param name="requestTime">How long a request may take; null for the usual time.</param>
    public static HttpClient CreateClient(
        Uri relay, X509ChainPolicy? trust, string? key, Func<CancellationToken, ValueTask<string?>>? token, TimeSpan? requestTime)
    {
        SocketsHttpHandler sockets = new() { AllowAutoRedirect = false, ConnectTimeout = ConnectTime };
        sockets.SslOptions.CertificateChainPolicy = trust;

        // Innermost: a request that is sent again has the token of that moment.
        HttpMessageHandler handler = token is null ? sockets : new BearerHandler(sockets, token);
        HttpClient http = new(new IdempotencyHandler(new RetryAfterHandler(handler, TimeProvider.System), TimeProvider.System))
        {
            BaseAddress = relay,
            Timeout = requestTime ?? RequestTime,
        };
        if (key is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return http;
    }

    /// <summary>Trusts the authorities of a PEM file alone.</summary>
    /// <exception cref="RelayException">The file cannot be used.</exception>
    public static X509ChainPolicy Pin(string path)
    {
        X509Certificate2Collection roots = [];
        try
        {
            roots.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new RelayException($"Cannot read the certificate authority '{path}': {e.Message}");
        }

        return PinnedChainPolicy.Create(roots);
    }

    /// <summary>Trusts the authorities of a PEM text alone.</summary>
    /// <exception cref="RelayException">The text cannot be used.</exception>
    public static X509ChainPolicy PinText(string pem) => PinnedChainPolicy.Create(ReadAuthorities(pem));

    /// <exception cref="RelayException">The text cannot be used.</exception>
    public static X509Certificate2Collection ReadAuthorities(string pem)
    {
        X509Certificate2Collection roots = [];
        try
        {
            roots.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new RelayException($"Cannot read the certificate authority: {e.Message}");
        }

        return roots;
    }
}
