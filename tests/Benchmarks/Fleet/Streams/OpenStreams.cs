using System.Net;
using Relay.Server.Cli;
using Shared.Contracts.Api;

namespace Benchmarks.Fleet.Streams;

/// <summary>Connections, and event streams over each.</summary>
internal sealed class OpenStreams(FleetServing relay) : IDisposable
{
    private const int ConnectionsPerAddress = 20;
    private readonly List<HttpClient> _clients = [];
    private readonly List<HttpResponseMessage> _streams = [];

    public async Task ConnectAsync(int count, CancellationToken cancellationToken)
    {
        for (int i = 0; i < count; i++)
        {
            SocketsHttpHandler handler = new() { PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan };
            handler.SslOptions.CertificateChainPolicy = RelayApi.Pin(relay.TlsRoot);
            HttpClient client = new(handler)
            {
                BaseAddress = new Uri(relay.Address),
                DefaultRequestVersion = HttpVersion.Version20,
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            client.DefaultRequestHeaders.Add("X-Forwarded-For", $"10.0.0.{1 + (i / ConnectionsPerAddress)}");
            _clients.Add(client);
            (await client.GetAsync("/health/live", cancellationToken)).EnsureSuccessStatusCode().Dispose();
        }
    }

    public async Task OpenAsync(int perConnection, CancellationToken cancellationToken)
    {
        foreach (HttpClient client in _clients)
        {
            for (int i = 0; i < perConnection; i++)
            {
                HttpResponseMessage response = await client.GetAsync(Routes.Events, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                _streams.Add(response.EnsureSuccessStatusCode());
            }
        }
    }

    public void Dispose()
    {
        _streams.ForEach(stream => stream.Dispose());
        _clients.ForEach(client => client.Dispose());
    }
}
