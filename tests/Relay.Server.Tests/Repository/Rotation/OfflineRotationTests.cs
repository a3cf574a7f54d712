using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Rotation;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository.Rotation;

/// <summary>Root and targets keys are with people: the next root waits until enough of them have signed copies of it.</summary>
public sealed class OfflineRotationTests : IAsyncLifetime
{
    private TestRepository _relay = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRepository.CreateOfflineAsync(targetsKeys: 3, targetsThreshold: 2);
        await _relay.PublishAsync("threat", 1, [1, 2, 3]);
    }

    public ValueTask DisposeAsync()
    {
        _relay.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task RotateAsync_TimestampKey_WaitsForTwoRootKeys()
    {
        RotationOutcome staged = await _relay.KeyRotation.RotateAsync(RoleNames.Timestamp, null, [], Cancel).AcceptedAsync();
        Assert.Equal((2, false), (staged.RootVersion, staged.Published));
        Assert.Equal(1, _relay.Read().Root.Version);

        RotationOutcome first = await _relay.SignRotationAsync("root.json", "root-1");
        Assert.Equal([1], first.Missing.Select(missing => missing.SignedBy.Count));
        Assert.Equal(RotationRefusalReason.Refused, await KeyRotationTests.ReasonAsync(() => _relay.TrySignRotationAsync("root.json", "root-1")));
        Assert.Equal(RotationRefusalReason.Refused, await KeyRotationTests.ReasonAsync(() => _relay.TrySignRotationAsync("root.json", "targets-1")));
        Assert.True((await _relay.SignRotationAsync("root.json", "root-3")).Published);
        Assert.Equal(2, _relay.Read().Root.Version);
        Assert.False(File.Exists(Path.Combine(_relay.KeysPath, "timestamp.pem")));
    }

    [Fact]
    public async Task RotateAsync_LostRootKey_OldAndNewKeysMustSign()
    {
        string lost = Id("root-1");
        Assert.Equal(
            RotationRefusalReason.PublicKeyNeeded,
            await KeyRotationTests.ReasonAsync(() => _relay.KeyRotation.RotateAsync("root", lost, [], Cancel)));
        await _relay.KeyRotation.RotateAsync("root", lost, [Public("root-4")], Cancel).AcceptedAsync();

        Assert.False((await _relay.SignRotationAsync("root.json", "root-2", "root-4")).Published);
        Assert.True((await _relay.SignRotationAsync("root.json", "root-3")).Published);
        Assert.False(_relay.Read().Assignments.Root.Has(lost));
    }

    [Fact]
    public async Task RotateAsync_TargetsKeyThatSigned_TargetsAreSignedAgainToo()
    {
        string lost = Id("targets-1");
        await _relay.KeyRotation.RotateAsync("targets", lost, [Public("targets-4")], Cancel).AcceptedAsync();
        RotationOutcome rootSigned = await _relay.SignRotationAsync("root.json", "root-1", "root-2");
        Assert.Equal([RoleNames.Targets], rootSigned.Missing.Select(missing => missing.Role));
        Assert.Equal(1, _relay.Read().Root.Version);

        await _relay.PublishAsync("threat", 2, [1, 2, 4]);
        Assert.Equal(
            RotationRefusalReason.Refused,
            await KeyRotationTests.ReasonAsync(() => _relay.TrySignRotationAsync("targets.json", "targets-2", "targets-4")));
        Assert.True((await _relay.SignRotationAsync("targets.json", "targets-2", "targets-4")).Published);
        RepositorySnapshot snapshot = _relay.Read();
        Assert.Equal((2L, 2), (snapshot.Root.Version, snapshot.LatestRelease));
        Assert.False(snapshot.Assignments.Targets.Has(lost));
    }

    [Fact]
    public async Task ResumeAsync_TargetsWaitBelowWhatNodesMayHaveSeen_AreNumberedAboveIt()
    {
        await _relay.KeyRotation.RotateAsync("targets", Id("targets-1"), [Public("targets-4")], Cancel).AcceptedAsync();
        await _relay.SignRotationAsync("root.json", "root-1", "root-2");
        TufRepository restored = new(_relay.RepositoryPath, _relay.Keys, _relay.Clock, new DurableFiles(), lowestVersion: 1000);

        await new RotationService(restored).ResumeAsync(Cancel);

        byte[] waiting = await File.ReadAllBytesAsync(Path.Combine(_relay.RepositoryPath, "rotation", "targets.json"), Cancel);
        Assert.Equal(1000, UntrustedMetadata.Read(waiting).ValueOrThrow().Metadata.Version);
    }

    [Fact]
    public async Task RotateAsync_ChannelsKey_WaitsAsAPublicationDoes()
    {
        string before = _relay.Read().Assignments.Channels.Keys.Single().Id;
        string id = (await _relay.KeyRotation.RotateAsync(RoleNames.Channels, null, [], Cancel).AcceptedAsync()).Pending!;
        Assert.True(File.Exists(Path.Combine(_relay.KeysPath, "channels.pem")));
        foreach (string key in (string[])["targets-2", "targets-3"])
        {
            await _relay.Approvals.SignAsync(id, [_relay.SignOffline(id, key)], Cancel).AcceptedAsync();
        }

        Assert.NotEqual(before, _relay.Read().Assignments.Channels.Keys.Single().Id);
        Assert.False(File.Exists(Path.Combine(_relay.KeysPath, "channels.pem")));
        await _relay.PublishAsync("threat", 2, [1, 2, 4]);
    }

    [Fact]
    public async Task RotateAsync_SecondRoleWhileOneWaits_BothAreInTheNextRoot()
    {
        RoleAssignments before = _relay.Read().Assignments;
        await _relay.KeyRotation.RotateAsync(RoleNames.Timestamp, null, [], Cancel).AcceptedAsync();
        await _relay.KeyRotation.RotateAsync(RoleNames.Snapshot, null, [], Cancel).AcceptedAsync();
        await _relay.SignRotationAsync("root.json", "root-1", "root-2");
        RepositorySnapshot snapshot = _relay.Read();
        Assert.Equal(2, snapshot.Root.Version);
        Assert.False(snapshot.Assignments.Timestamp.IsSameAs(before.Timestamp));
        Assert.False(snapshot.Assignments.Snapshot.IsSameAs(before.Snapshot));
    }

    [Theory]
    [Trait("Attack", "rollback-root")]
    [InlineData(1, RefusalReason.MetadataRollback)]
    [InlineData(2, RefusalReason.MetadataSignature)]
    [InlineData(3, RefusalReason.MetadataVersionMismatch)]
    public async Task ImportRootAsync_RootThatCannotBeNext_IsRefused(int version, RefusalReason reason)
    {
        RoleAssignments assignments = _relay.Read().Assignments;
        string[] signers = version == 2 ? ["root-1"] : ["root-1", "root-2"];
        byte[] file = MetadataWriter.Sign(
            MetadataWriter.Root(version, _relay.Clock.GetUtcNow().AddDays(1), assignments), [.. signers.Select(_relay.OfflineKey)]);
        RotationRefusal refused = await _relay.Rotations.ImportRootAsync([file], Cancel).RefusedAsync();
        Assert.Equal((RotationRefusalReason.Refused, reason), (refused.Reason, refused.Cause?.Reason));
        Assert.Equal(1, _relay.Read().Root.Version);
    }

    [Fact]
    public async Task ImportRootAsync_RootMadeElsewhere_IsPublishedAtOnce()
    {
        RoleAssignments assignments = _relay.Read().Assignments;
        RoleAssignments next = RoleAssignmentChange.Drop(assignments, Id("root-3"), Public("root-4")).Value!;
        byte[] file = MetadataWriter.Sign(
            MetadataWriter.Root(2, _relay.Clock.GetUtcNow().AddDays(1), next), [_relay.OfflineKey("root-1"), _relay.OfflineKey("root-2")]);
        Assert.True((await _relay.Rotations.ImportRootAsync([file], Cancel).AcceptedAsync()).Published);
        Assert.Equal(file, _relay.Repository.NewestRoot());
        Assert.Equal([1L, 2L], _relay.Repository.Roots().Select(root => root.Version));
    }

    private string Id(string key) => Public(key).Id;

    private VerificationKey Public(string key) => _relay.PublicOf(key);
}
