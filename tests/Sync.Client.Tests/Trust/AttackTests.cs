using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.TestKit;
using Relay.TestKit.Models;
using Shared.Contracts;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Sync.Client.Tests.Trust;

/// <summary>Attacks on a whole node over real HTTPS. The node runs version 1 and must go on running it.</summary>
public sealed partial class AttackTests : RunningNode
{
    private const string ModelPath = "models/threat-classifier/2/model.onnx";

    [Fact]
    [Trait("Attack", "many-roots")]
    public async Task RefreshAsync_MoreRootsThanTheBound_StopsThereAndGoesOnNextTime()
    {
        for (int i = 0; i <= TrustBounds.RootRotations; i++)
        {
            Fixture.Repository.AddRoot(_ => { }, "root-1", "root-2");
        }

        await Fixture.PublishAsync(TestModel.Create(version: 2));

        AssertRefused(await Node.RefreshAsync(), RefusalReason.TooManyRootRotations);
        Assert.True((await Node.RefreshAsync()).Activated);
    }

    [Fact]
    [Trait("Attack", "freeze")]
    public async Task RefreshAsync_FrozenTimestamp_IsRefusedOnceItExpiresAndTheNodeIsStale()
    {
        Fixture.Repository.Freeze();
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        Fixture.Clock.Advance(TimeSpan.FromDays(2));

        AssertRefused(await Node.RefreshAsync(), RefusalReason.MetadataExpired);
        Assert.True(Node.Status.Stale);
    }

    [Theory]
    [Trait("Attack", "clock-day")]
    [Trait("Attack", "clock-decade")]
    [InlineData(1, RefusalReason.MetadataExpired)]
    [InlineData(3650, RefusalReason.MetadataExpired)]
    [InlineData(-3650, RefusalReason.MetadataExpiryTooFar)]
    public async Task RefreshAsync_ClockOff_IsRefusedAndTakenOnceTheClockIsRight(int days, RefusalReason reason)
    {
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        TestClock clock = new();
        clock.Advance(TimeSpan.FromDays(days));
        Node.Dispose();
        Node = new(Fixture.Options, clock, NullLogger<SyncClient>.Instance);
        await Node.RestoreAsync();

        AssertRefused(await Node.RefreshAsync(), reason);

        clock.Advance(-TimeSpan.FromDays(days));
        Assert.True((await Node.RefreshAsync()).Activated);
    }

    [Fact]
    [Trait("Attack", "far-expiry")]
    public async Task RefreshAsync_TimestampThatIsValidForAYear_IsRefusedUntilItIsSignedAgain()
    {
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        Fixture.Repository.Forge(
            RoleNames.Timestamp, signed => (signed["version"], signed["expires"]) = (50, "2031-02-15T00:00:00Z"), RoleNames.Timestamp);
        AssertRefused(await Node.RefreshAsync(), RefusalReason.MetadataExpiryTooFar);

        Fixture.Repository.Forge(
            RoleNames.Timestamp, signed => (signed["version"], signed["expires"]) = (51, "2030-01-16T12:00:00Z"), RoleNames.Timestamp);
        Assert.True((await Node.RefreshAsync()).Activated);
    }

    [Fact]
    [Trait("Attack", "clock-day")]
    public async Task RefreshAsync_ClockADayBehind_ChangesNothing()
    {
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        TestClock clock = new();
        clock.Advance(TimeSpan.FromDays(-1));
        Node.Dispose();
        Node = new(Fixture.Options, clock, NullLogger<SyncClient>.Instance);

        Assert.True((await Node.RefreshAsync()).Activated);
    }

    [Theory]
    [Trait("Attack", "mix-and-match")]
    [InlineData(RoleNames.Snapshot)]
    [InlineData(RoleNames.Targets)]
    [InlineData(RoleNames.Channels)]
    public async Task RefreshAsync_MixAndMatch_OldFileOfARoleUnderTheNewOnesName_IsRefused(string role)
    {
        byte[] old = Fixture.Repository.Serve(Fixture.Repository.MetadataPath(role))!;
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        Fixture.Repository.Replace(Fixture.Repository.MetadataPath(role), old);

        // Signatures differ in length, so an old file may also be longer than the one that is listed.
        RefreshResult result = await Node.RefreshAsync();

        Assert.Contains(result.Refusal!.Reason, (RefusalReason[])[RefusalReason.MetadataHashMismatch, RefusalReason.MetadataTooLarge]);
        Assert.Equal(1, Node.Models.Single().Active.Version);
    }

    [Fact]
    [Trait("Attack", "mix-and-match")]
    public async Task RefreshAsync_MixAndMatch_ModelsSwapped_IsRefused()
    {
        await Fixture.PublishAsync(TestModel.Create(version: 2));
        Fixture.Repository.Swap(
            Fixture.Repository.TargetPath(ModelPath), Fixture.Repository.TargetPath("models/threat-classifier/1/model.onnx"));

        RefreshResult result = await Node.RefreshAsync();

        Assert.Contains(
            result.Refusal!.Reason,
            (RefusalReason[])[RefusalReason.ArtifactHashMismatch, RefusalReason.ArtifactLengthMismatch, RefusalReason.ArtifactTooLarge]);
        Assert.Equal(1, Node.Models.Single().Active.Version);
    }

    [Fact]
    [Trait("Attack", "unlisted-file")]
    public async Task RefreshAsync_ChannelNamesAReleaseThatTargetsDoNotList_IsRefusedAsUnlisted()
    {
        Fixture.Repository.ForgeTarget(
            RoleNames.Channels, TargetPaths.Channel("stable"), new ChannelManifest("stable", 99).ToJson(), RoleNames.Channels);

        AssertRefused(await Node.RefreshAsync(), RefusalReason.UnlistedTarget);
    }

    [Fact]
    [Trait("Attack", "unlisted-file")]
    public async Task RefreshAsync_OnlineRoleListsAReleaseItself_IsRefusedAsUnlisted()
    {
        byte[] release = Encoding.UTF8.GetBytes("""{"number":99,"created":"2030-01-01T00:00:00+00:00","models":[]}""");
        Fixture.Repository.ForgeTarget(RoleNames.Channels, TargetPaths.Release(99), release, RoleNames.Channels);
        Fixture.Repository.ForgeTarget(
            RoleNames.Channels, TargetPaths.Channel("stable"), new ChannelManifest("stable", 99).ToJson(), RoleNames.Channels);

        AssertRefused(await Node.RefreshAsync(), RefusalReason.UnlistedTarget);
    }
}
