using Relay.TestKit.Trust;

namespace Sync.Client.Tests;

/// <summary>A mirror of a fixture's relay, with its own ways of misbehaving; added to the node's options.</summary>
public sealed class MirrorFixture : IAsyncDisposable
{
    private MirrorFixture(MisbehavingRepository repository, RepositoryServer server) => (Repository, Server) = (repository, server);

    public MisbehavingRepository Repository { get; }

    public RepositoryServer Server { get; }

    public static async Task<MirrorFixture> StartAsync(NodeFixture fixture)
    {
        MisbehavingRepository repository = new(fixture.Honest);
        RepositoryServer server = await RepositoryServer.StartAsync(repository);
        fixture.Options.Mirrors.Add(server.Address);
        fixture.Options.MirrorTlsRoot ??= fixture.Options.TrustedRoot + ".mirrors.pem";
        await File.AppendAllTextAsync(fixture.Options.MirrorTlsRoot, await File.ReadAllTextAsync(server.TlsRoot) + "\n");
        return new MirrorFixture(repository, server);
    }

    /// <summary>From now on this mirror cannot be reached.</summary>
    public void Kill() => Server.Instead = (http, _) =>
    {
        http.Abort();
        return Task.FromResult(true);
    };

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Repository.Dispose();
    }
}
