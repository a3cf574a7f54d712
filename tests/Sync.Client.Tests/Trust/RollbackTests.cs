using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Sync.Client.Tests.Trust;

/// <summary>Old states served to a whole node over HTTPS, and numbers run up by stolen online keys.</summary>
public sealed class RollbackTests() : RunningNode(versions: 2)
{
    [Theory]
    [Trait("Attack", "rollback-timestamp")]
    [Trait("Attack", "rollback-snapshot")]
    [Trait("Attack", "rollback-targets")]
    [Trait("Attack", "rollback-delegated")]
    [Trait("Attack", "rollback-restart")]
    [InlineData(RoleNames.Timestamp, false)]
    [InlineData(RoleNames.Timestamp, true)]
    [InlineData(RoleNames.Snapshot, false)]
    [InlineData(RoleNames.Snapshot, true)]
    [InlineData(RoleNames.Targets, false)]
    [InlineData(RoleNames.Targets, true)]
    [InlineData(RoleNames.Channels, false)]
    [InlineData(RoleNames.Channels, true)]
    [Trait("Attack", "rollback-timestamp")]
    [Trait("Attack", "rollback-snapshot")]
    [Trait("Attack", "rollback-targets")]
    [Trait("Attack", "rollback-delegated")]
    [Trait("Attack", "rollback-restart")]
    public async Task RefreshAsync_LowerVersionOfARole_IsRefusedAsRollback(string role, bool restarted)
    {
        if (restarted)
        {
            await RestartAsync();
        }

        // Rightly signed, and listed by rightly signed roles above it: only the version is wrong.
        Fixture.Repository.Forge(role, signed => signed["version"] = 1, role);

        AssertRefused(await Node.RefreshAsync(), RefusalReason.MetadataRollback);
    }

    [Theory]
    [Trait("Attack", "rollback-root")]
    [Trait("Attack", "rollback-restart")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RefreshAsync_OlderRootUnderTheNextName_IsRefused(bool restarted)
    {
        Fixture.Repository.AddRoot(_ => { }, "root-1", "root-2");
        await Fixture.PublishAsync(TestModel.Create(version: 3));
        await Node.RefreshAsync();
        if (restarted)
        {
            await RestartAsync();
        }

        Fixture.Repository.Replace("metadata/3.root.json", Fixture.Honest.FirstRoot);
        await Fixture.PublishAsync(TestModel.Create(version: 4));

        Assert.Equal(RefusalReason.MetadataRollback, (await Node.RefreshAsync()).Refusal?.Reason);
        Assert.Equal(3, Node.Models.Single().Active.Version);
    }

    [Theory]
    [Trait("Attack", "rollback-failed-update")]
    [Trait("Attack", "rollback-restart")]
    [InlineData(RoleNames.Snapshot, false)]
    [InlineData(RoleNames.Snapshot, true)]
    [InlineData(RoleNames.Targets, false)]
    [InlineData(RoleNames.Targets, true)]
    [Trait("Attack", "rollback-failed-update")]
    [Trait("Attack", "rollback-restart")]
    public async Task RefreshAsync_OlderTimestampAfterAFailedUpdate_IsRefusedAsRollback(string withheld, bool restarted)
    {
        byte[] old = Fixture.Honest.Serve(MisbehavingRepository.TimestampPath)!;
        await Fixture.PublishAsync(TestModel.Create(version: 3));
        Fixture.Repository.Remove(Fixture.Repository.MetadataPath(withheld));
        Assert.Equal(RefusalReason.MetadataMissing, (await Node.RefreshAsync()).Refusal?.Reason);
        if (restarted)
        {
            await RestartAsync();
        }

        Fixture.Repository.Replace(MisbehavingRepository.TimestampPath, old);

        AssertRefused(await Node.RefreshAsync(), RefusalReason.MetadataRollback);
    }

    [Fact]
    [Trait("Attack", "fast-forward")]
    [Trait("Attack", "fast-forward-recovery")]
    public async Task RefreshAsync_FastForward_BindsUntilTheRootWithdrawsTheKeysAndThenRecovers()
    {
        MisbehavingRepository attacker = Fixture.Repository;
        attacker.Forge(RoleNames.Snapshot, signed => signed["version"] = 1_000_000, RoleNames.Snapshot);
        attacker.Forge(RoleNames.Timestamp, signed => signed["version"] = 1_000_000, RoleNames.Timestamp);
        await Node.RefreshAsync();
        attacker.Behave();
        await Fixture.PublishAsync(TestModel.Create(version: 3));
        AssertRefused(await Node.RefreshAsync(), RefusalReason.MetadataRollback);

        // The operators' answer: new keys for both roles in the next root, and honest metadata under them.
        attacker.AddRoot(
            root =>
            {
                attacker.Grant(root, RoleNames.Timestamp, "timestamp-2", only: true);
                attacker.Grant(root, RoleNames.Snapshot, "snapshot-2", only: true);
            },
            "root-1", "root-2");
        attacker.Forge(RoleNames.Snapshot, _ => { }, "snapshot-2");
        attacker.Forge(RoleNames.Timestamp, _ => { }, "timestamp-2");
        await RestartAsync();

        Assert.True((await Node.RefreshAsync()).Activated);
        Assert.Equal(3, Node.Models.Single().Active.Version);
    }

    [Fact]
    [Trait("Attack", "rollback-timestamp")]
    public async Task ImportAsync_NewerThanWhatTheRelayStillSays_IsNotUndoneByTheRelay()
    {
        Fixture.Repository.Freeze();
        await Node.RefreshAsync();
        await Fixture.PublishAsync(TestModel.Create(version: 3));
        await Fixture.Honest.ExportBundleAsync(Fixture.Combine("bundle"));
        Assert.True((await Node.ImportAsync(Fixture.Combine("bundle"))).Activated);

        Assert.Equal(RefusalReason.MetadataRollback, (await Node.RefreshAsync()).Refusal?.Reason);
        Assert.Equal(3, Node.Models.Single().Active.Version);
    }

    private async Task RestartAsync()
    {
        Node.Dispose();
        Node = Fixture.OpenNode();
        await Node.RestoreAsync();
    }
}
