using Relay.TestKit.Models;

namespace Sync.Client.Tests.Updates;

/// <summary>Who hears of a change, on which thread, and what a handler can break.</summary>
public sealed class ModelChangedTests : IAsyncLifetime
{
    private readonly TestModel _first = TestModel.Create(version: 1);
    private readonly TestModel _second = TestModel.Create(version: 2);
    private readonly List<ModelChangedEventArgs> _heard = [];
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NodeFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task ModelChanged_LifeOfANode_TellsOldAndNewVersionAndWhy()
    {
        using (SyncClient node = Open())
        {
            await _fixture.PublishAsync(_first);
            await node.RefreshAsync();
            await _fixture.PublishAsync(_second);
            await node.RefreshAsync();
            await node.PinAsync(1);
            await node.FollowAsync();
            await node.EventsHandled;
        }

        using SyncClient again = Open();
        await again.RestoreAsync();
        await _fixture.Honest.Policy.RevokeAsync([_second.Sha256], CancellationToken.None);
        await again.RefreshAsync();
        await _fixture.Honest.Policy.RevokeAsync([_first.Sha256], CancellationToken.None);
        await again.RefreshAsync();
        await again.EventsHandled;

        Assert.Equal(
        [
            (1, ModelChangeCause.Sync, null, 1),
            (2, ModelChangeCause.Sync, 1, 2),
            (1, ModelChangeCause.Pin, 2, 1),
            (2, ModelChangeCause.Sync, 1, 2),
            (2, ModelChangeCause.Restore, null, 2),
            (1, ModelChangeCause.Fallback, 2, 1),
            (0, ModelChangeCause.Fallback, 1, null),
        ], _heard.Select(h => (h.Release, h.Cause, h.Changes.Single().Old?.Version, h.Changes.Single().New?.Version)));
    }

    [Fact]
    public async Task ModelChanged_HandlerThatThrowsAndOneThatBlocks_HarmNobody()
    {
        await _fixture.PublishAsync(_first);
        using SyncClient node = _fixture.OpenNode();
        using ManualResetEventSlim let = new();
        bool heard = false;
        node.ModelChanged += (_, _) => throw new InvalidOperationException("a handler's own fault");
        node.ModelChanged += (_, _) => let.Wait();
        node.ModelChanged += (_, _) => heard = true;

        RefreshResult result = await Task.Run(() => node.RefreshAsync());
        int answered = node.Models.Single().Predict(_first.NumbersOf(0)).Version;
        bool before = Volatile.Read(ref heard);
        let.Set();
        await node.EventsHandled;

        Assert.Equal(new RefreshResult(Activated: true, null), result);
        Assert.Equal((1, false), (answered, before));
        Assert.True(heard);
    }

    private SyncClient Open()
    {
        SyncClient node = _fixture.OpenNode();
        node.ModelChanged += (_, change) => _heard.Add(change);
        return node;
    }
}
