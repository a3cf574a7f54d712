using Relay.TestKit;
using Shared.Contracts.Api;

[assembly: AssemblyFixture(typeof(Relay.Server.Tests.PublishedRelay))]

namespace Relay.Server.Tests;

/// <summary>One relay with a trained and published model, for all tests that change nothing which another test looks at.</summary>
public sealed class PublishedRelay : IAsyncLifetime
{
    public TestRelay Relay { get; private set; } = null!;

    public ModelVersion Published { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Relay = await TestRelay.StartAsync();
        Published = await Relay.TrainSmallAsync();
        await Relay.PublishAsync("stable", Published);
    }

    public ValueTask DisposeAsync() => Relay.DisposeAsync();
}
