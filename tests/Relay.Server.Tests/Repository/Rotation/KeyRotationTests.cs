using System.Security.Cryptography;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Rotation;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Repository.Rotation;

/// <summary>A relay that holds all keys: one call does everything.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private TestRepository _relay = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _relay = await TestRepository.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _relay.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(RoleNames.Root, 2)]
    [InlineData(RoleNames.Targets, 2)]
    [InlineData(RoleNames.Channels, 1)]
    [InlineData(RoleNames.Snapshot, 2)]
    [InlineData(RoleNames.Timestamp, 2)]
    public async Task RotateAsync_RoleWhoseKeysAreHere_IsPublishedAndTheOldKeysAreDeleted(string role, long rootVersion)
    {
        RoleAssignments before = _relay.Read().Assignments;
        RotationOutcome outcome = await _relay.KeyRotation.RotateAsync(role, null, [], Cancel).AcceptedAsync();

        RepositorySnapshot snapshot = _relay.Read();
        Assert.True(outcome.Published);
        Assert.Equal(rootVersion, snapshot.Root.Version);
        Assert.All(snapshot.Assignments[role].Keys, key => Assert.False(before[role].Has(key.Id)));
        Assert.Equal(before[role].Keys.Count, snapshot.Assignments[role].Keys.Count);
        Assert.All(
            RoleAssignments.RoleOrder.Where(other => other != role),
            other => Assert.True(snapshot.Assignments[other].IsSameAs(before[other])));
        string[] files = [.. Ids()];
        Assert.All(before[role].Keys, key => Assert.DoesNotContain(key.Id, files));
        Assert.All(snapshot.Assignments[role].Keys, key => Assert.Contains(key.Id, files));
        await _relay.PublishAsync("threat", 1, [1, 2, 3]);
        Assert.Equal(1, _relay.Read().LatestRelease);
    }

    [Fact]
    public async Task RotateAsync_NewKeys_AreForTheOwnerOnly()
    {
        await _relay.KeyRotation.RotateAsync(RoleNames.Timestamp, null, [], Cancel).AcceptedAsync();
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes");
            return;
        }

        foreach (string file in Directory.GetFiles(_relay.KeysPath))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task RotateAsync_OneRootKeyOfThree_LeavesTheOthers()
    {
        KeyGroup before = _relay.Read().Assignments.Root;
        await _relay.KeyRotation.RotateAsync(RoleNames.Root, before.Keys[1].Id[..12], [], Cancel).AcceptedAsync();
        KeyGroup after = _relay.Read().Assignments.Root;
        Assert.Equal((3, 2), (after.Keys.Count, after.Threshold));
        Assert.Equal([true, false, true], before.Keys.Select(key => after.Has(key.Id)));
    }

    [Fact]
    public async Task RotateAsync_TimestampKeyThatIsLost_IsPublishedWithoutIt()
    {
        File.Delete(Path.Combine(_relay.KeysPath, "timestamp.pem"));
        Assert.True((await _relay.KeyRotation.RotateAsync(RoleNames.Timestamp, null, [], Cancel).AcceptedAsync()).Published);
        Assert.Equal(2, _relay.Read().Root.Version);
    }

    [Fact]
    public async Task RevokeAsync_UntilTheThreshold_ThenIsRefused()
    {
        KeyGroup root = _relay.Read().Assignments.Root;
        Assert.True((await _relay.KeyRotation.RevokeAsync(root.Keys[0].Id, null, Cancel).AcceptedAsync()).Published);
        Assert.Equal(RotationRefusalReason.BelowThreshold, await ReasonAsync(() => _relay.KeyRotation.RevokeAsync(root.Keys[1].Id, null, Cancel)));
        Assert.Equal(RotationRefusalReason.UnknownKey, await ReasonAsync(() => _relay.KeyRotation.RevokeAsync(root.Keys[0].Id, null, Cancel)));
        Assert.Equal(2, _relay.Read().Assignments.Root.Keys.Count);
    }

    [Fact]
    public async Task RotateAsync_WhatCannotBe_ChangesNothing()
    {
        RoleAssignments assignments = _relay.Read().Assignments;
        string[] before = [.. Ids()];
        Assert.Equal(RotationRefusalReason.UnknownRole, await ReasonAsync(() => _relay.KeyRotation.RotateAsync("mirror", null, [], Cancel)));
        Assert.Equal(RotationRefusalReason.UnknownKey, await ReasonAsync(() => _relay.KeyRotation.RotateAsync("root", "0123456789ab", [], Cancel)));
        Assert.Equal(
            RotationRefusalReason.UnknownKey,
            await ReasonAsync(() => _relay.KeyRotation.RotateAsync("root", assignments.Snapshot.Keys[0].Id, [], Cancel)));
        Assert.Equal(
            RotationRefusalReason.AlreadyListed,
            await ReasonAsync(() => _relay.KeyRotation.RotateAsync("root", assignments.Root.Keys[0].Id, [assignments.Root.Keys[1]], Cancel)));
        Assert.Equal(
            RotationRefusalReason.OnlineKeyMissing,
            await ReasonAsync(() => _relay.KeyRotation.RotateAsync("snapshot", null, [StrangeKey()], Cancel)));
        Assert.Equal(before, Ids());
        Assert.Equal(1, _relay.Read().Root.Version);
    }

    [Fact]
    public async Task RenewRootAsync_AfterMonths_HoldsForAnotherYear()
    {
        for (int month = 0; month < 5; month++)
        {
            _relay.Clock.Advance(TimeSpan.FromDays(40));
            await _relay.Renewals.RenewDueAsync(Cancel);
        }

        await _relay.KeyRotation.RenewRootAsync(Cancel).AcceptedAsync();
        Assert.Equal(_relay.Clock.GetUtcNow().AddDays(365), _relay.Read().Root.Expires);
    }

    internal static VerificationKey StrangeKey()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return VerificationKey.FromEcdsa(key.ExportSubjectPublicKeyInfoPem());
    }

    internal static async Task<RotationRefusalReason> ReasonAsync<T>(Func<Task<Result<T, RotationRefusal>>> change)
        where T : class =>
        (await change().RefusedAsync()).Reason;

    private IEnumerable<string> Ids() => KeyFolder.Paths(_relay.KeysPath).Select(path =>
    {
        using RoleSigner key = KeyFolder.ReadFile(path);
        return key.KeyId;
    });
}
