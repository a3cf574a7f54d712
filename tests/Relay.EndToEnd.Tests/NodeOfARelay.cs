using Microsoft.Extensions.Logging.Abstractions;
using Relay.TestKit;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>A node of a <see cref="TestRelay"/>, with its store in a temporary folder that outlives the client.</summary>
internal sealed class NodeOfARelay(TestRelay relay, string model) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string StoreFolder => _folder.Combine("store");

    /// <summary>Starts the client anew on the same store.</summary>
    public SyncClient Open(Action<RelaySyncOptions>? configure = null) =>
        new(CreateOptions(configure), TimeProvider.System, NullLogger<SyncClient>.Instance);

    public RelaySyncOptions CreateOptions(Action<RelaySyncOptions>? configure = null)
    {
        RelaySyncOptions options = new()
        {
            Relay = relay.Address,
            TlsRoot = relay.CertificateAuthority,
            TrustedRoot = relay.TrustedRoot,
            StoreFolder = StoreFolder,
            NodeId = "end-to-end",
        };
        options.Models.Add(model);
        options.Budgets.Retries = 0;
        options.Budgets.TryOutLatency = TimeSpan.FromSeconds(5);
        configure?.Invoke(options);
        return options;
    }

    public void Dispose() => _folder.Dispose();
}
