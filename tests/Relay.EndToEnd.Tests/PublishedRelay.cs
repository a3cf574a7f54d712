using Relay.TestKit;

namespace Relay.EndToEnd.Tests;

/// <summary>The start of tests of what comes after a release: a relay that published one, and a folder beside it.</summary>
public abstract class PublishedRelay : IAsyncLifetime
{
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected TemporaryFolder Folder { get; } = new();

    protected TestRelay Relay { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Relay = await TestRelay.StartAsync();
        await Relay.PublishAsync("stable", await Relay.TrainSmallAsync(cancellationToken: Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs relay-node as a process.</summary>
    protected static async Task<CommandRun> RunNodeAsync(string program, IEnumerable<string> words) =>
        (await CommandRun.TryAsync("dotnet", [program, .. words]))!;
}
