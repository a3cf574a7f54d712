using System.Net;
using Amazon.Runtime;

namespace Relay.Server.ObjectStore.Client;

/// <summary>Makes the connections of a store whose certificate is of a private authority.</summary>
internal sealed class PinnedClientFactory(StoreAuthorities authorities) : HttpClientFactory
{
    // A certificate that is no longer trusted ends its connections.
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(15);

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = clientConfig.AllowAutoRedirect,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        PooledConnectionLifetime = ConnectionLife,
        SslOptions = new()
        {
            CertificateChainPolicy = authorities.CreatePolicy(),
            RemoteCertificateValidationCallback = authorities.IsTrusted,
        },
    })
    {
        Timeout = clientConfig.Timeout ?? Timeout.InfiniteTimeSpan,
    };
}
