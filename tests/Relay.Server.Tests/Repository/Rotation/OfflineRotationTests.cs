using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Rotation;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Tuf;

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
        RotationOutcome staged = await _relay.Rotation.RotateAsync(RoleNames.Timestamp, null, [], Cancel);
        Assert.Equal((2, false), (staged.RootVersion, staged.Published));
        Assert.Equal(1, _relay.Publisher.Read().Root.Version);

        RotationOutcome first = await _relay.SignRotationAsync("root.json", "root-1");
        Assert.Equal([1], first.Missing.Select(missing => missing.SignedBy.Count));
        Assert.Equal(RotationFault.Refused, await KeyRotationTests.FaultAsync(() => _relay.SignRotationAsync("root.json", "root-1")));
        Assert.Equal(RotationFault.Refused, await KeyRotationTests.FaultAsync(() => _relay.SignRotationAsync("root.json", "targets-1")));
        Assert.True((await _relay.SignRotationAsync("root.json", "root-3")).Published);
        Assert.Equal(2, _relay.Publisher.Read().Root.Version);
        Assert.False(File.Exists(Path.Combine(_relay.KeysPath, "timestamp.pem")));
    }

    [Fact]
    public async Task RotateAsync_LostRootKey_OldAndNewKeysMustSign()
    {
        string lost = Id("root-1");
        Assert.Equal(
            RotationFault.PublicKeyNeeded, await KeyRotationTests.FaultAsync(() => _relay.Rotation.RotateAsync("root", lost, [], Cancel)));
        await _relay.Rotation.RotateAsync("root", lost, [Public("root-4")], Cancel);

        Assert.False((await _relay.SignRotationAsync("root.json", "root-2", "root-4")).Published);
        Assert.True((await _relay.SignRotationAsync("root.json", "root-3")).Published);
        Assert.False(_relay.Publisher.Read().Layout.Root.Has(lost));
    }

    [Fact]
    public async Task RotateAsync_TargetsKeyThatSigned_TargetsAreSignedAgainToo()
    {
        string lost = Id("targets-1");
        await _relay.Rotation.RotateAsync("targets", lost, [Public("targets-4")], Cancel);
        RotationOutcome rootSigned = await _relay.SignRotationAsync("root.json", "root-1", "root-2");
        Assert.Equal([RoleNames.Targets], rootSigned.Missing.Select(missing => missing.Role));
        Assert.Equal(1, _relay.Publisher.Read().Root.Version);

        await _relay.PublishAsync("threat", 2, [1, 2, 4]);
        Assert.Equal(
            RotationFault.Refused,
            await KeyRotationTests.FaultAsync(() => _relay.SignRotationAsync("targets.json", "targets-2", "targets-4")));
        Assert.True((await _relay.SignRotationAsync("targets.json", "targets-2", "targets-4")).Published);
        RepositorySnapshot state = _relay.Publisher.Read();
        Assert.Equal((2L, 2), (state.Root.Version, state.LatestRelease));
        Assert.False(state.Layout.Targets.Has(lost));
    }

    [Fact]
    public async Task RotateAsync_ChannelsKey_WaitsAsAPublicationDoes()
    {
        string before = _relay.Publisher.Read().Layout.Channels.Keys.Single().Id;
        string id = (await _relay.Rotation.RotateAsync(RoleNames.Channels, null, [], Cancel)).Pending!;
        Assert.True(File.Exists(Path.Combine(_relay.KeysPath, "channels.pem")));
        foreach (string key in (string[])["targets-2", "targets-3"])
        {
            await _relay.Publisher.SignPendingAsync(id, [_relay.SignOffline(id, key)], Cancel);
        }

        Assert.NotEqual(before, _relay.Publisher.Read().Layout.Channels.Keys.Single().Id);
        Assert.False(File.Exists(Path.Combine(_relay.KeysPath, "channels.pem")));
        await _relay.PublishAsync("threat", 2, [1, 2, 4]);
    }

    [Fact]
    public async Task RotateAsync_SecondRoleWhileOneWaits_BothAreInTheNextRoot()
    {
        RoleAssignments before = _relay.Publisher.Read().Layout;
        await _relay.Rotation.RotateAsync(RoleNames.Timestamp, null, [], Cancel);
        await _relay.Rotation.RotateAsync(RoleNames.Snapshot, null, [], Cancel);
        await _relay.SignRotationAsync("root.json", "root-1", "root-2");
        RepositorySnapshot state = _relay.Publisher.Read();
        Assert.Equal(2, state.Root.Version);
        Assert.False(state.Layout.Timestamp.IsSameAs(before.Timestamp));
        Assert.False(state.Layout.Snapshot.IsSameAs(before.Snapshot));
    }

    [Theory]
    [Trait("Attack", "rollback-root")]
    [InlineData(1, RefusalReason.MetadataRollback)]
    [InlineData(2, RefusalReason.MetadataSignature)]
    [InlineData(3, RefusalReason.MetadataVersionMismatch)]
    public async Task ImportRootAsync_RootThatCannotBeNext_IsRefused(int version, RefusalReason reason)
    {
        RoleAssignments layout = _relay.Publisher.Read().Layout;
        string[] signers = version == 2 ? ["root-1"] : ["root-1", "root-2"];
        byte[] file = MetadataWriter.Sign(
            MetadataWriter.Root(version, _relay.Clock.GetUtcNow().AddDays(1), layout), [.. signers.Select(_relay.OfflineKey)]);
        RotationException refused = await Assert.ThrowsAsync<RotationException>(() => _relay.Publisher.ImportRootAsync([file], Cancel));
        Assert.Equal(reason, refused.Refusal?.Reason);
        Assert.Equal(1, _relay.Publisher.Read().Root.Version);
    }

    [Fact]
    public async Task ImportRootAsync_RootMadeElsewhere_IsPublishedAtOnce()
    {
        RoleAssignments layout = _relay.Publisher.Read().Layout;
        RoleAssignments next = RoleAssignmentChange.Drop(layout, Id("root-3"), Public("root-4"));
        byte[] file = MetadataWriter.Sign(
            MetadataWriter.Root(2, _relay.Clock.GetUtcNow().AddDays(1), next), [_relay.OfflineKey("root-1"), _relay.OfflineKey("root-2")]);
        Assert.True((await _relay.Publisher.ImportRootAsync([file], Cancel)).Published);
        Assert.Equal(file, _relay.Publisher.NewestRoot());
        Assert.Equal([1L, 2L], _relay.Publisher.Roots().Select(root => root.Version));
    }

    private string Id(string key) => Public(key).Id;

    private VerificationKey Public(string key) => _relay.PublicOf(key);
}
