using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts.Trust;

namespace Sync.Client.Tests.Trust;

/// <summary>Old states served to a whole node over HTTPS, and numbers run up by stolen online keys.</summary>
public sealed class RollbackTests : IAsyncLifetime
{
    private NodeFixture _fixture = null!;
    private SyncClient _node = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        await _fixture.PublishAsync(TestModel.Create(version: 1));
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        _node = _fixture.OpenNode();
        await _node.RefreshAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _fixture.DisposeAsync();
    }

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
        _fixture.Repository.Forge(role, signed => signed["version"] = 1, role);

        await AssertRollbackAsync();
    }

    [Theory]
    [Trait("Attack", "rollback-root")]
    [Trait("Attack", "rollback-restart")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RefreshAsync_OlderRootUnderTheNextName_IsRefused(bool restarted)
    {
        _fixture.Repository.AddRoot(_ => { }, "root-1", "root-2");
        await _fixture.PublishAsync(TestModel.Create(version: 3));
        await _node.RefreshAsync();
        if (restarted)
        {
            await RestartAsync();
        }

        _fixture.Repository.Replace("metadata/3.root.json", _fixture.Honest.FirstRoot);
        await _fixture.PublishAsync(TestModel.Create(version: 4));

        Assert.Equal(RefusalReason.MetadataRollback, (await _node.RefreshAsync()).Refusal?.Reason);
        Assert.Equal(3, _node.Models.Single().Active.Version);
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
        byte[] old = _fixture.Honest.Serve(MisbehavingRepository.TimestampPath)!;
        await _fixture.PublishAsync(TestModel.Create(version: 3));
        _fixture.Repository.Remove(_fixture.Repository.MetadataPath(withheld));
        Assert.Equal(RefusalReason.MetadataMissing, (await _node.RefreshAsync()).Refusal?.Reason);
        if (restarted)
        {
            await RestartAsync();
        }

        _fixture.Repository.Replace(MisbehavingRepository.TimestampPath, old);

        await AssertRollbackAsync();
    }

    [Fact]
    [Trait("Attack", "fast-forward")]
    [Trait("Attack", "fast-forward-recovery")]
    public async Task RefreshAsync_FastForward_BindsUntilTheRootWithdrawsTheKeysAndThenRecovers()
    {
        MisbehavingRepository attacker = _fixture.Repository;
        attacker.Forge(RoleNames.Snapshot, signed => signed["version"] = 1_000_000, RoleNames.Snapshot);
        attacker.Forge(RoleNames.Timestamp, signed => signed["version"] = 1_000_000, RoleNames.Timestamp);
        await _node.RefreshAsync();
        attacker.Behave();
        await _fixture.PublishAsync(TestModel.Create(version: 3));
        await AssertRollbackAsync();

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

        Assert.True((await _node.RefreshAsync()).Activated);
        Assert.Equal(3, _node.Models.Single().Active.Version);
    }

    [Fact]
    [Trait("Attack", "rollback-timestamp")]
    public async Task ImportAsync_NewerThanWhatTheRelayStillSays_IsNotUndoneByTheRelay()
    {
        _fixture.Repository.Freeze();
        await _node.RefreshAsync();
        await _fixture.PublishAsync(TestModel.Create(version: 3));
        await _fixture.Honest.ExportBundleAsync(_fixture.Combine("bundle"));
        Assert.True((await _node.ImportAsync(_fixture.Combine("bundle"))).Activated);

        Assert.Equal(RefusalReason.MetadataRollback, (await _node.RefreshAsync()).Refusal?.Reason);
        Assert.Equal(3, _node.Models.Single().Active.Version);
    }

    private async Task RestartAsync()
    {
        _node.Dispose();
        _node = _fixture.OpenNode();
        await _node.RestoreAsync();
    }

    private async Task AssertRollbackAsync()
    {
        Assert.Equal(RefusalReason.MetadataRollback, (await _node.RefreshAsync()).Refusal?.Reason);
        Assert.Equal(2, _node.Models.Single().Predict(new float[4]).Version);
    }
}
