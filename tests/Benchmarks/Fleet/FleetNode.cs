using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Relay.TestKit;
using Sync.Client;
using Sync.Client.Hosting;

namespace Benchmarks.Fleet;

/// <summary>A whole node with a store, a host's worker and a scorer, that polls once an hour: only hints make it current in time.</summary>
internal sealed class FleetNode : IAsyncDisposable
{
    private readonly SyncClient _client;
    private readonly SyncWorker _worker;
    private long _activatedAt;
    private int _release;

    public FleetNode(FleetServing relay, string folder, int number)
    {
        RelaySyncOptions options = new()
        {
            Relay = new Uri(relay.Address),
            TlsRoot = relay.TlsRoot,
            TrustedRoot = relay.TrustedRoot,
            StoreFolder = Path.Combine(folder, $"node-{number}"),
            NodeId = $"node-{number}",
            PollInterval = TimeSpan.FromHours(1),
        };
        options.Models.Add(SmallModel.Name);
        options.Budgets.TryOutLatency = TimeSpan.FromSeconds(30);
        _client = new SyncClient(options, TimeProvider.System, NullLogger<SyncClient>.Instance);
        _client.ModelChanged += (_, change) =>
        {
            Volatile.Write(ref _activatedAt, Stopwatch.GetTimestamp());
            Volatile.Write(ref _release, change.Release);
        };
        _worker = new SyncWorker(_client, TimeProvider.System);
    }

    public bool IsReady => _client.Status is { HasEventStream: true, Release: > 0 };

    public string State => $"{_client.Status.Node}: {string.Join(", ", _client.Status.CurrentRefusals)}";

    public int Release => Volatile.Read(ref _release);

    /// <summary>When the newest release became active.</summary>
    public long ActivatedAt => Volatile.Read(ref _activatedAt);

    public Task StartAsync(CancellationToken cancellationToken) => _worker.StartAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(CancellationToken.None);
        _worker.Dispose();
        await _client.DisposeAsync();
    }
}
