using Relay.TestKit;

namespace Relay.Server.Tests;

/// <summary>One relay for all tests of one class, without a model.</summary>
public sealed class OwnRelay : IAsyncLifetime
{
    public TestRelay Relay { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Relay = await TestRelay.StartAsync();

    public ValueTask DisposeAsync() => Relay.DisposeAsync();
}
