using Relay.TestKit.Models;
using Shared.Contracts.Models;
using Sync.Client.Testing;

namespace Sync.Client.Tests;

/// <summary>What an app can do before the first release is there.</summary>
public sealed class ReadinessTests
{
    [Fact]
    public async Task WaitUntilReady_FirstRelease_CompletesWhenItIsActive()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        using SyncClient node = fixture.OpenNode();
        Task ready = node.WaitUntilReadyAsync();
        await node.RefreshAsync();
        Assert.False(ready.IsCompleted);

        await fixture.PublishAsync(TestModel.Create());
        await node.RefreshAsync();

        await ready.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(node.WaitUntilReadyAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task WaitUntilReady_Cancelled_EndsTheWaitAlone()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        using SyncClient node = fixture.OpenNode();
        using CancellationTokenSource stop = new();
        Task ready = node.WaitUntilReadyAsync(stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ready);
        Assert.False(node.WaitUntilReadyAsync().IsCompleted);
    }

    [Fact]
    public void TryPredict_NoVersion_IsFalseAndNothingElseIsHidden()
    {
        FakeRelayModel model = new(
            "risk", new ModelSchema([new ColumnSpec("a", ColumnType.Number)], ["low", "high"]), (_, _, outputs) => outputs[1] = 1);

        Assert.False(model.TryPredict([1f], out _));
        model.Activate(1);

        Assert.True(model.TryPredict([1f], out Prediction prediction));
        Assert.Equal("high", prediction.Label);
        Assert.Throws<RelayModelException>(() => model.TryPredict([1f, 2f], out _));
    }
}
