using Relay.TestKit;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;

namespace Sync.Native.Tests;

/// <summary>A relay's repository over HTTPS, or a bundle of it, and the options of a node on it.</summary>
public sealed class NativeFixture : IAsyncDisposable
{
    public const string Model = "threat-classifier";

    private readonly TemporaryFolder _folder = new();
    private readonly TestRepository _repository;
    private readonly MisbehavingRepository _served;

    private NativeFixture(TestRepository repository, MisbehavingRepository served, RepositoryServer server)
    {
        (_repository, _served, Server) = (repository, served, server);
        File.WriteAllBytes(Combine("root.json"), repository.FirstRoot);
    }

    public RepositoryServer Server { get; }

    public (string? Name, string? Value)[] Options =>
    [
        ("relay", Server.Address.ToString()), ("ca", Server.TlsRoot), ("root", Combine("root.json")), ("store", Combine("store")),
        ("model", Model), ("node", "native"), ("retries", "0"), ("try-out-latency-seconds", "5"),
    ];

    public static async Task<NativeFixture> StartAsync()
    {
        TestRepository repository = await TestRepository.CreateAsync(TestClock.Running());
        MisbehavingRepository served = new(repository);
        return new NativeFixture(repository, served, await RepositoryServer.StartAsync(served));
    }

    public string Combine(string file) => _folder.Combine(file);

    public Task PublishAsync(TestModel model) => _repository.PublishAsync(Model, model.Description.Version, model.Onnx);

    public async Task<string> ExportBundleAsync()
    {
        await _repository.ExportBundleAsync(Combine("bundle"));
        return Combine("bundle");
    }

    /// <summary>From now on the relay cannot be reached.</summary>
    public void KillRelay() => Server.Instead = (http, _) =>
    {
        http.Abort();
        return Task.FromResult(true);
    };

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _served.Dispose();
        _repository.Dispose();
        _folder.Dispose();
    }
}
