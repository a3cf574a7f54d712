using Relay.TestKit.Models;
using Shared.Contracts;

namespace Sync.Client.Tests;

/// <summary>The start of tests of what a node must not take: a relay, and a node that runs what it published.</summary>
/// <param name="versions">How many versions were published, the last of which the node runs.</param>
public abstract class RunningNode(int versions = 1) : IAsyncLifetime
{
    private protected NodeFixture Fixture { get; private set; } = null!;

    private protected SyncClient Node { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Fixture = await NodeFixture.StartAsync();
        for (int version = 1; version <= versions; version++)
        {
            await Fixture.PublishAsync(TestModel.Create(version: version));
        }

        Node = Fixture.OpenNode();
        await Node.RefreshAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Node.Dispose();
        await Fixture.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Refused for this reason, and what ran goes on answering.</summary>
    private protected void AssertRefused(RefreshResult result, RefusalReason reason)
    {
        Assert.Equal(reason, result.Refusal?.Reason);
        Assert.Equal(versions, Node.Models.Single().Active.Version);
        Assert.Equal(versions, Node.Models.Single().Predict(new float[4]).Version);
    }
}
