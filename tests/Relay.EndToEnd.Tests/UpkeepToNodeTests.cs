using System.Net.Http.Json;
using Relay.Server.Repository.GarbageCollection;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Platform.Files;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

public sealed class UpkeepToNodeTests : IAsyncLifetime
{
    private TestRelay _relay = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _relay = await TestRelay.StartAsync();

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    [Trait("Attack", "revoked-active")]
    public async Task Revoke_VersionThatANodeRuns_NodeLeavesItForThePreviousRelease()
    {
        using NodeOfARelay node = new(_relay, SmallModel.Name);
        using SyncClient client = node.Open();
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 3, Cancel));
        await client.RefreshAsync(Cancel);
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 6, Cancel));
        await client.RefreshAsync(Cancel);
        Assert.Equal(2, client.Model(SmallModel.Name).Active.Version);

        using HttpResponseMessage revoked = await _relay.Admin.PostAsJsonAsync(
            Routes.RevokeOf(SmallModel.Name, 2), new RevocationRequest { Reason = "a test" }, RelayApiJson.Default.RevocationRequest, Cancel);
        revoked.EnsureSuccessStatusCode();
        RefreshResult result = await client.RefreshAsync(Cancel);

        Assert.Equal(RefusalReason.ArtifactRevoked, result.Refusal?.Reason);
        Assert.Equal(1, client.Model(SmallModel.Name).Active.Version);
        Assert.Equal(1, client.Model(SmallModel.Name).Predict([95, 10], ["tcp"]).Version);
    }

    [Fact]
    public async Task Sweep_OfAllThatIsOld_NodesOldAndNewGoOn()
    {
        using NodeOfARelay early = new(_relay, SmallModel.Name);
        using NodeOfARelay late = new(_relay, SmallModel.Name);
        using SyncClient before = early.Open();
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 3, Cancel));
        await before.RefreshAsync(Cancel);
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 6, Cancel));

        TestClock clock = new();
        GarbageCollector sweep = new(Path.Combine(_relay.DataFolder, "repository"), clock, new DurableFiles());
        await sweep.RunAsync(dryRun: false, Cancel);
        clock.Advance(GarbageCollector.Grace);
        Assert.NotEmpty((await sweep.RunAsync(dryRun: false, Cancel)).Removed);

        using SyncClient after = late.Open();
        foreach (SyncClient client in new[] { before, after })
        {
            Assert.Null((await client.RefreshAsync(Cancel)).Refusal);
            Assert.Equal(2, client.Model(SmallModel.Name).Active.Version);
        }

        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 8, Cancel));
        Assert.True((await after.RefreshAsync(Cancel)).Activated);
    }
}
