using Microsoft.Extensions.Logging.Abstractions;
using Relay.TestKit;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts.Releases;
using Sync.Client.Storage;

namespace Sync.Client.Tests;

/// <summary>A relay's repository over real HTTPS and a node's folder on disk; nodes may be started on it one after the other.</summary>
public sealed class NodeFixture : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private NodeFixture(TestRepository honest, MisbehavingRepository repository, RepositoryServer server)
    {
        (Honest, Repository, Server) = (honest, repository, server);
        Options = new RelaySyncOptions
        {
            Relay = server.Address,
            TlsRoot = server.TlsRoot,
            TrustedRoot = _folder.Combine("root.json"),
            StoreFolder = _folder.Combine("store"),
            NodeId = "node-1",
        };
        Options.Models.Add("threat-classifier");
        Options.Budgets.Retries = 0;
        Options.Budgets.TryOutLatency = TimeSpan.FromSeconds(5);
        Options.Budgets.KernelMeasuring = TimeSpan.Zero;
        File.WriteAllBytes(Options.TrustedRoot, honest.FirstRoot);
    }

    public TestRepository Honest { get; }

    public MisbehavingRepository Repository { get; }

    public RepositoryServer Server { get; }

    public RelaySyncOptions Options { get; }

    public TestClock Clock => Honest.Clock;

    public string ArtifactsFolder => Path.Combine(Options.StoreFolder, "artifacts");

    public static async Task<NodeFixture> StartAsync() => await StartAsync(await TestRepository.CreateAsync());

    public static async Task<NodeFixture> StartAsync(TestRepository honest)
    {
        MisbehavingRepository repository = new(honest);
        return new NodeFixture(honest, repository, await RepositoryServer.StartAsync(repository));
    }

    /// <summary>A file beside the node's own.</summary>
    public string Combine(string file) => _folder.Combine(file);

    public SyncClient OpenNode() => OpenNode(new StoreFiles());

    internal SyncClient OpenNode(StoreFiles files) => new(Options, Clock, NullLogger<SyncClient>.Instance, files);

    public Task<ReleaseManifest> PublishAsync(TestModel model) =>
        Honest.PublishAsync(model.Description.Name, model.Description.Version, model.Onnx);

    /// <summary>From now on the relay cannot be reached.</summary>
    public void KillRelay() => Server.Instead = (http, _) =>
    {
        http.Abort();
        return Task.FromResult(true);
    };

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Repository.Dispose();
        Honest.Dispose();
        _folder.Dispose();
    }
}
