using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Sync.Client.Tests.Trust;

/// <summary>Keys are lost or stolen; the operators make others by what the commands call, and nodes follow by themselves.</summary>
public sealed class KeyRotationTests
{
    private static readonly string[] Online = [RoleNames.Channels, RoleNames.Snapshot, RoleNames.Timestamp];

    [Fact]
    public async Task RefreshAsync_OneOfThreeRootKeysWasLost_NodeFollowsTheOtherTwo()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(await TestRepository.CreateOfflineAsync());
        TestRepository relay = fixture.Honest;
        await fixture.PublishAsync(TestModel.Create(version: 1));
        using SyncClient node = fixture.OpenNode();
        await node.RefreshAsync();

        await relay.RevokeAsync("root-2", "root-4");
        await relay.SignRotationAsync("root.json", "root-1");
        Assert.True((await relay.SignRotationAsync("root.json", "root-3")).Published);
        await relay.RotateAsync(RoleNames.Timestamp);
        Assert.True((await relay.SignRotationAsync("root.json", "root-3", "root-4")).Published);
        await fixture.PublishAsync(TestModel.Create(version: 2));

        Assert.Null((await node.RefreshAsync()).Refusal);
        Assert.Equal(2, node.Models.Single().Predict(new float[4]).Version);
    }

    [Theory]
    [Trait("Attack", "fast-forward-recovery")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RefreshAsync_OnlineKeysStolenAndVersionsRunUp_NodeComesBackAfterRotation(bool lost)
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        await fixture.PublishAsync(TestModel.Create(version: 1));
        using SyncClient node = fixture.OpenNode();
        await node.RefreshAsync();
        const long Highest = long.MaxValue - 1;
        fixture.Repository.Forge(RoleNames.Channels, signed => signed["version"] = Highest, RoleNames.Channels);
        fixture.Repository.Forge(RoleNames.Snapshot, signed => signed["version"] = Highest, RoleNames.Snapshot);
        fixture.Repository.Forge(RoleNames.Timestamp, signed => signed["version"] = Highest, RoleNames.Timestamp);
        Assert.Null((await node.RefreshAsync()).Refusal);

        fixture.Repository.Behave();
        Assert.Equal(RefusalReason.MetadataRollback, (await node.RefreshAsync()).Refusal?.Reason);
        foreach (string role in lost ? Online : [])
        {
            File.Delete(Path.Combine(fixture.Honest.KeysPath, role + ".pem"));
        }

        Assert.True((await fixture.Honest.RotateAsync(Online)).Published);
        await fixture.PublishAsync(TestModel.Create(version: 2));

        Assert.Null((await node.RefreshAsync()).Refusal);
        Assert.Equal(2, node.Models.Single().Predict(new float[4]).Version);
    }

    [Fact]
    [Trait("Attack", "one-layer-stolen")]
    public async Task RefreshAsync_OldOnlineKeysAfterRotation_SignNothingThatCounts()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        await fixture.PublishAsync(TestModel.Create(version: 1));
        using SyncClient node = fixture.OpenNode();
        await node.RefreshAsync();
        Assert.True((await fixture.Honest.RotateAsync(Online)).Published);
        Assert.Null((await node.RefreshAsync()).Refusal);

        fixture.Repository.Forge(RoleNames.Timestamp, _ => { }, RoleNames.Timestamp);

        Assert.Equal(RefusalReason.MetadataSignature, (await node.RefreshAsync()).Refusal?.Reason);
        Assert.Equal(1, node.Models.Single().Predict(new float[4]).Version);
    }

    [Fact]
    public async Task RefreshAsync_BetweenTheSignaturesAndTheRoot_NodeRefusesNothing()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        await fixture.PublishAsync(TestModel.Create(version: 1));
        using SyncClient node = fixture.OpenNode();
        await node.RefreshAsync();
        fixture.Repository.Remove("metadata/2.root.json");
        await fixture.Honest.RotateAsync(RoleNames.Timestamp);

        Assert.Null((await node.RefreshAsync()).Refusal);
        fixture.Repository.Behave();
        Assert.Null((await node.RefreshAsync()).Refusal);
    }

    [Fact]
    public async Task RefreshAsync_FromAllOnTheRelayToOfflineKeys_NodeFollows()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        TestRepository relay = fixture.Honest;
        await fixture.PublishAsync(TestModel.Create(version: 1));
        using SyncClient node = fixture.OpenNode();
        await node.RefreshAsync();

        await relay.HandOverAsync(RoleNames.Targets, "targets-1");
        Assert.True((await relay.SignRotationAsync("targets.json", "targets-1")).Published);
        await relay.HandOverAsync(RoleNames.Root, "root-1", "root-2", "root-3");
        Assert.True((await relay.SignRotationAsync("root.json", "root-1", "root-2")).Published);

        Assert.Empty(Directory.GetFiles(relay.KeysPath, "root*.pem").Concat(Directory.GetFiles(relay.KeysPath, "targets*.pem")));
        await fixture.PublishAsync(TestModel.Create(version: 2));
        Assert.True((await node.RefreshAsync()).Activated);
    }
}
