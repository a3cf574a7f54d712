using Relay.TestKit;

namespace Relay.Server.Tests.Models.Annotations;

/// <summary>A relay of one class, with one version of <see cref="SmallModel"/>.</summary>
public sealed class AnnotatedRelay : IAsyncLifetime
{
    public TestRelay Relay { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Relay = await TestRelay.StartAsync();
        await Relay.TrainSmallAsync(trees: 2);
    }

    public ValueTask DisposeAsync() => Relay.DisposeAsync();
}
