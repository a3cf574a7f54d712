using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.TestKit;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Sync.Client;
using Sync.Node.Hosting;
using Sync.Node.Inference.Answers;

namespace Sync.Node.Tests;

/// <summary>The host of 'serve', at loopback ports and Unix sockets, with a repository from which it takes its releases.</summary>
public sealed class ServingNode : IAsyncDisposable
{
    public const string Model = "threat-classifier";

    private readonly TemporaryFolder _folder = new();
    private readonly TestRepository _repository;
    private readonly MisbehavingRepository _misbehaving;
    private readonly RepositoryServer _server;
    private readonly WebApplication _app;

    private ServingNode(TestRepository repository, MisbehavingRepository misbehaving, RepositoryServer server, string[] models, int maximumRows)
    {
        (_repository, _misbehaving, _server) = (repository, misbehaving, server);
        File.WriteAllBytes(_folder.Combine("root.json"), repository.FirstRoot);
        _app = NodeHost.CreateServe(
            o =>
            {
                (o.Relay, o.TlsRoot, o.TrustedRoot) = (server.Address, server.TlsRoot, _folder.Combine("root.json"));
                (o.StoreFolder, o.NodeId, o.PollInterval, o.Push) = (_folder.Combine("store"), "node-1", TimeSpan.FromHours(1), false);
                (o.Budgets.Retries, o.Explanations) = (0, true);
                o.Budgets.TryOutLatency = TimeSpan.FromSeconds(5);
                o.Budgets.KernelMeasuring = TimeSpan.Zero;
                models.ToList().ForEach(o.Models.Add);
            },
            new ServeSettings(
                new("http://127.0.0.1:0"), new("http://127.0.0.1:0"), Socket, GrpcSocket, AllowsRemote: false,
                new InferenceLimits(maximumRows, MaximumBodyBytes: 1 << 20)),
            logging => logging.ClearProviders());
    }

    public string TrustedRoot => _folder.Combine("root.json");

    public string Socket => _folder.Combine("rest.sock");

    public string GrpcSocket => _folder.Combine("grpc.sock");

    /// <summary>Where the node takes its releases from.</summary>
    public RepositoryServer Relay => _server;

    public Uri Rest => new(_app.Urls.First());

    public Uri Grpc => new(_app.Urls.Where(url => !url.Contains("unix", StringComparison.Ordinal)).ElementAt(1));

    public SyncClient Node => _app.Services.GetRequiredService<SyncClient>();

    public static async Task<ServingNode> StartAsync(params TestModel[] models) => await StartAsync(models, 1000);

    public static async Task<ServingNode> StartAsync(TestModel[] models, int maximumRows)
    {
        TestRepository repository = await TestRepository.CreateAsync(TestClock.Running());
        MisbehavingRepository misbehaving = new(repository);
        RepositoryServer server = await RepositoryServer.StartAsync(misbehaving);
        string[] names = [.. models.Select(m => m.Description.Name).DefaultIfEmpty(Model)];
        ServingNode serving = new(repository, misbehaving, server, names, maximumRows);
        foreach (TestModel model in models)
        {
            await serving.PublishAsync(model);
        }

        await serving._app.StartAsync();
        await serving.Node.RefreshAsync();
        return serving;
    }

    public async Task PublishAsync(TestModel model) =>
        await _repository.PublishAsync(model.Description.Name, model.Description.Version, model.Onnx);

    /// <summary>Publishes a version, and waits until it is active.</summary>
    public async Task ActivateAsync(TestModel model)
    {
        await PublishAsync(model);
        Assert.Null((await Node.RefreshAsync()).Refusal);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _server.DisposeAsync();
        _misbehaving.Dispose();
        _repository.Dispose();
        _folder.Dispose();
    }
}
