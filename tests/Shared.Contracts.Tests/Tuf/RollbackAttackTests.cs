using System.Text.Json.Nodes;
using Relay.TestKit.Trust;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Tuf;

/// <summary>Old metadata, versions run up, and metadata that does not belong together. Every refresh here follows a restart.</summary>
public sealed class RollbackAttackTests
{
    [Fact]
    [Trait("Attack", "rollback-timestamp")]
    [Trait("Attack", "rollback-restart")]
    public async Task Refresh_ReplayedTimestamp_IsARollback()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        byte[] old = scene.Wire.Serve(MisbehavingRepository.TimestampPath)!;
        await scene.PublishSecondAsync();
        Assert.Null(scene.Refresh());

        scene.Wire.Replace(MisbehavingRepository.TimestampPath, old);
        scene.AssertRefused(RefusalReason.MetadataRollback);
    }

    [Fact]
    [Trait("Attack", "rollback-failed-update")]
    public async Task Refresh_ReplayAfterAFailedUpdate_IsARollbackStill()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        byte[] old = scene.Wire.Serve(MisbehavingRepository.TimestampPath)!;
        await scene.PublishSecondAsync();
        scene.Wire.FlipByte(scene.Wire.MetadataPath(RoleNames.Targets));
        Assert.Equal(RefusalReason.MetadataHashMismatch, scene.Refresh()?.Reason);

        scene.Wire.Replace(MisbehavingRepository.TimestampPath, old);
        scene.AssertRefused(RefusalReason.MetadataRollback);
    }

    [Fact]
    [Trait("Attack", "rollback-snapshot")]
    public async Task Refresh_NewTimestampWithOldSnapshot_IsARollback()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        JsonNode old = scene.Wire.Signed(RoleNames.Timestamp)["meta"]!["snapshot.json"]!;
        await scene.PublishSecondAsync();
        Assert.Null(scene.Refresh());

        scene.Wire.Forge(
            RoleNames.Timestamp, signed => (signed["version"], signed["meta"]!["snapshot.json"]) = (99, old.DeepClone()), RoleNames.Timestamp);
        scene.AssertForgeryRefused(RefusalReason.MetadataRollback);
        Assert.NotEqual(99, scene.Node.Trusted.Timestamp!.Version);
    }

    [Theory]
    [InlineData(RoleNames.Targets)]
    [InlineData(RoleNames.Channels)]
    [Trait("Attack", "rollback-targets")]
    [Trait("Attack", "rollback-delegated")]
    public async Task Refresh_NewSnapshotWithOldRole_IsARollback(string role)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        JsonNode old = scene.Wire.Signed(RoleNames.Snapshot)["meta"]![$"{role}.json"]!;
        await scene.PublishSecondAsync();
        Assert.Null(scene.Refresh());

        scene.Wire.Forge(
            RoleNames.Snapshot, signed => (signed["version"], signed["meta"]![$"{role}.json"]) = (99, old.DeepClone()), RoleNames.Snapshot);
        scene.AssertForgeryRefused(RefusalReason.MetadataRollback);
    }

    [Fact]
    [Trait("Attack", "rollback-delegated")]
    public async Task Refresh_SnapshotThatNoLongerListsARole_IsARollback()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.Forge(
            RoleNames.Snapshot,
            signed =>
            {
                signed["version"] = 99;
                signed["meta"]!.AsObject().Remove("channels.json");
            },
            RoleNames.Snapshot);
        scene.AssertForgeryRefused(RefusalReason.MetadataRollback);
    }

    [Theory]
    [InlineData(1, RefusalReason.MetadataRollback)]
    [InlineData(3, RefusalReason.MetadataVersionMismatch)]
    [Trait("Attack", "rollback-root")]
    public async Task Refresh_NextRootOfAnotherVersion_IsRefused(int version, RefusalReason reason)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.AddRoot(root => root["version"] = version, "root-1", "root-2");
        scene.AssertRefused(reason);
    }

    [Fact]
    public async Task Refresh_SameTimestampVersionWithOtherContent_ChangesNothing()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        long version = scene.Node.Trusted.Snapshot!.Version;
        scene.Wire.Forge(RoleNames.Timestamp, signed => signed["meta"]!["snapshot.json"]!["version"] = 77, RoleNames.Timestamp);
        Assert.Null(scene.Refresh());
        Assert.Equal(version, scene.Node.Trusted.Snapshot!.Version);
    }

    [Theory]
    [InlineData(RoleNames.Timestamp)]
    [InlineData(RoleNames.Snapshot)]
    [Trait("Attack", "fast-forward")]
    [Trait("Attack", "fast-forward-recovery")]
    public async Task Refresh_AfterFastForward_RecoversByKeyRotation(string role)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.Forge(role, signed => signed["version"] = 1_000_000, role);
        Assert.Null(scene.Refresh());
        scene.Wire.Behave();
        Assert.Equal(RefusalReason.MetadataRollback, scene.Refresh()?.Reason);

        scene.Wire.AddRoot(
            root =>
            {
                scene.Wire.Grant(root, RoleNames.Timestamp, "new-timestamp", only: true);
                scene.Wire.Grant(root, RoleNames.Snapshot, "new-snapshot", only: true);
            },
            "root-1", "root-2");
        JsonObject snapshot = scene.Wire.Signed(RoleNames.Snapshot);
        byte[] snapshotFile = scene.Wire.Keys.Sign(snapshot, "new-snapshot");
        scene.Wire.Replace(scene.Wire.MetadataPath(RoleNames.Snapshot), snapshotFile);
        JsonObject timestamp = scene.Wire.Signed(RoleNames.Timestamp);
        timestamp["meta"]!["snapshot.json"] = new JsonObject { ["version"] = snapshot["version"]!.GetValue<long>() };
        scene.Wire.Replace(MisbehavingRepository.TimestampPath, scene.Wire.Keys.Sign(timestamp, "new-timestamp"));
        Assert.Null(scene.Refresh());
        Assert.True(scene.Node.Trusted.RecoversFromFastForward);
        Assert.True(scene.Node.Trusted.Timestamp!.Version < 1_000_000);
    }

    [Fact]
    public async Task LoadTimestamp_AfterAKeyWasWithdrawn_IsRefused()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        byte[] stored = scene.Wire.Serve(MisbehavingRepository.TimestampPath)!;
        scene.Wire.AddRoot(root => scene.Wire.Grant(root, RoleNames.Snapshot, "new-snapshot", only: true), "root-1", "root-2");
        TrustedMetadata trusted = TrustedMetadata.Create(scene.Honest.FirstRoot, scene.Now).ValueOrThrow();
        Assert.Null(trusted.UpdateRoot(scene.Wire.Serve("metadata/2.root.json")));
        Assert.NotNull(trusted.LoadTimestamp(stored));
        Assert.Null(trusted.Timestamp);
    }

    [Theory]
    [InlineData(RoleNames.Snapshot)]
    [InlineData(RoleNames.Targets)]
    [InlineData(RoleNames.Channels)]
    [Trait("Attack", "mix-and-match")]
    public async Task Refresh_OldFileUnderANewName_IsMixAndMatch(string role)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        byte[] old = scene.Wire.Serve(scene.Wire.MetadataPath(role))!;
        await scene.PublishSecondAsync();
        scene.Wire.Replace(scene.Wire.MetadataPath(role), old);
        scene.AssertRefused(RefusalReason.MetadataHashMismatch, TargetPaths.Channel("stable"));
    }

    [Fact]
    [Trait("Attack", "mix-and-match")]
    public async Task Refresh_OldFileWhereNoHashIsListed_IsSeenByItsVersion()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        byte[] old = scene.Wire.Serve(scene.Wire.MetadataPath(RoleNames.Targets))!;
        scene.Wire.Forge(
            RoleNames.Snapshot,
            signed => (signed["version"], signed["meta"]!["targets.json"]) = (99, new JsonObject { ["version"] = 98 }),
            RoleNames.Snapshot);
        scene.Wire.Replace("metadata/98.targets.json", old);
        Assert.Equal(RefusalReason.MetadataVersionMismatch, scene.Refresh()?.Reason);
    }
}
