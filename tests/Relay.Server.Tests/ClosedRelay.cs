using Relay.TestKit;
using Relay.TestKit.Nodes;

namespace Relay.Server.Tests;

/// <summary>A relay as it is served without an option: a credential for everything. It has a node that has enrolled.</summary>
public sealed class ClosedRelay : IAsyncLifetime
{
    public TestRelay Relay { get; private set; } = null!;

    public SigningNode Node { get; private set; } = null!;

    /// <summary>Signs as <see cref="Node"/>.</summary>
    public HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Relay = await TestRelay.StartAsync(options => options with { OpenArtifacts = false, OpenCheckIns = false });
        (Node, Client) = await SigningNode.EnrollAsync(Relay, "node-7");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Node.Dispose();
        await Relay.DisposeAsync();
    }
}
