using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.TestKit;

namespace Sync.Client.Tests.Push;

/// <summary>A node in a host that polls once an hour: what it learns earlier, the event stream told it.</summary>
internal sealed class HostedNode : IAsyncDisposable
{
    private readonly IHost _host;

    private HostedNode(IHost host) => _host = host;

    /// <summary>What it logs.</summary>
    public required TestLoggerProvider Log { get; init; }

    public SyncClient Client => _host.Services.GetRequiredService<SyncClient>();

    /// <summary>Starts it, and waits until it runs version 1.</summary>
    public static async Task<HostedNode> StartAsync(NodeFixture fixture, Action<RelaySyncOptions>? change = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<TimeProvider>(fixture.Clock);
        builder.Services.AddRelaySync(o =>
        {
            o.Relay = fixture.Options.Relay;
            o.TlsRoot = fixture.Options.TlsRoot;
            o.TrustedRoot = fixture.Options.TrustedRoot;
            o.StoreFolder = fixture.Options.StoreFolder;
            o.NodeId = "node-1";
            o.PollInterval = TimeSpan.FromHours(1);
            o.Models.Add("threat-classifier");
            o.Budgets.Retries = 0;
            o.Budgets.TryOutLatency = TimeSpan.FromSeconds(5);
            change?.Invoke(o);
        });
        TestLoggerProvider log = new();
        builder.Logging.AddProvider(log);
        HostedNode node = new(builder.Build()) { Log = log };
        await node._host.StartAsync();
        await node.ActiveAsync(1);
        return node;
    }

    public Task HasStreamAsync() => Eventually.TrueAsync(() => Client.Status.HasEventStream, "the stream is open");

    public Task ActiveAsync(int version) => Eventually.TrueAsync(
        () => Client.Models.Single() is { IsReady: true } model && model.Active.Version == version,
        $"version {version} is active: {string.Join(", ", Client.Status.CurrentRefusals)}");

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
