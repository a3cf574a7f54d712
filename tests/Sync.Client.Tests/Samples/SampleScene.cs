using Relay.TestKit.Models;

namespace Sync.Client.Tests.Samples;

/// <summary>A node whose signed file lets it send three columns.</summary>
public abstract class SampleScene : IAsyncLifetime
{
    protected const string Model = "threat-classifier";

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected NodeFixture Fixture { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Fixture = await NodeFixture.StartAsync();
        Fixture.Options.Samples = new SampleOptions();
    }

    public async ValueTask DisposeAsync()
    {
        await Fixture.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<SyncClient> OpenAsync()
    {
        await Fixture.PublishAsync(TestModel.Create(numbers: 3, categories: 1).WithConsent("requests", "f1", "f3", "f0"));
        SyncClient node = Fixture.OpenNode();
        Assert.True((await node.RefreshAsync(Cancel)).Activated);
        return node;
    }
}
