using System.Net;
using Relay.Server.Cli;
using Shared.Contracts.Api;

namespace Benchmarks.Fleet;

/// <summary>Connections of their own, as nodes have them, and an event stream over each.</summary>
internal sealed class OpenStreams(FleetServing relay) : IDisposable
{
    private const int PerAddress = 200;
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
            client.DefaultRequestHeaders.Add("X-Forwarded-For", $"10.0.0.{1 + (i / PerAddress)}");
            _clients.Add(client);
            (await client.GetAsync("/health/live", cancellationToken)).EnsureSuccessStatusCode().Dispose();
        }
    }

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        foreach (HttpClient client in _clients)
        {
            HttpResponseMessage response = await client.GetAsync(Routes.Events, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            _streams.Add(response.EnsureSuccessStatusCode());
        }
    }

    public void Dispose()
    {
        _streams.ForEach(stream => stream.Dispose());
        _clients.ForEach(client => client.Dispose());
    }
}
