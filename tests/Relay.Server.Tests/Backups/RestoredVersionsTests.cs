using Relay.Server.Hosting;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Relay.Server.Storage;
using Relay.Server.Tests.Cli;
using Relay.Server.Tests.Hosting;
using Relay.TestKit;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Backups;

/// <summary>No metadata that a restored relay signs, or lets people sign, is below what nodes may have seen.</summary>
public sealed class RestoredVersionsTests(StoppedRelay stopped) : IDisposable
{
    private const long Above = 100_000;
    private readonly StoppedRelayCopy _relay = new(stopped);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Restored => _relay.Folder.Combine("restored");

    private string TargetsKey => Path.Combine(Restored, "keys", "targets.pem");

    public void Dispose() => _relay.Dispose();

    [Fact]
    public async Task Restore_OneBackupTwice_GivesHigherVersionsTheSecondTime()
    {
        string file = await BackUpAsync();
        TestClock clock = new(TimeProvider.System.GetUtcNow());
        List<Dictionary<string, long>> versions = [];
        for (int i = 0; i < 3; i++)
        {
            string data = _relay.Folder.Combine($"restored-{i}");
            await RestoreAsync(file, data);
            using RelayFolder folder = await RelayFolder.OpenAsync(
                new() { DataFolder = data, TimeProvider = clock, ClockIsRight = true, ShowNotice = _ => { } }, Cancel);
            versions.Add(RoleStatus.FromSnapshot(folder.Repository.Read()).ToDictionary(role => role.Role, role => role.Version));

            // The next loss is of a relay that was itself restored, and has signed for a day.
            clock.Advance(TimeSpan.FromDays(1));
        }

        foreach (string role in versions[0].Keys.Where(role => role != RoleNames.Root))
        {
            Assert.True(versions[0][role] + 1000 < versions[1][role] && versions[1][role] + 1000 < versions[2][role], role);
        }
    }

    [Fact]
    public async Task Restore_AllRolesAreSigned_TheLowestVersionIsForgotten()
    {
        await RestoreAsync(await BackUpAsync(), Restored);

        (await _relay.OpenAsync(Restored)).Dispose();

        RelayManifest manifest = new ManifestStore(new DataFolder(Restored)).Read()!;
        Assert.Equal((0, false), (manifest.LowestVersion, manifest.Restored));
    }

    [Fact]
    public async Task Restore_TargetsWaitForPeople_EachLaterStartAndChangeStaysAbove()
    {
        await RestoreAsync(await BackUpAsync(), Restored);
        File.Delete(TargetsKey);
        (await _relay.OpenAsync(Restored)).Dispose();
        using (RelayFolder second = await _relay.OpenAsync(Restored))
        {
            PendingPublication staged = Assert.Single(second.Repository.Pending.List(second.Repository.Read()));
            Assert.True(staged.Version > Above);

            // As someone drops it: the next is above as well.
            second.Repository.Pending.Remove(staged.Id);
        }

        using RelayFolder third = await _relay.OpenAsync(Restored);

        Assert.True(Assert.Single(third.Repository.Pending.List(third.Repository.Read())).Version > Above);
        Assert.True(new ManifestStore(third.Paths).Read()!.LowestVersion > Above);
    }

    [Fact]
    public async Task Restore_PublicationOfTheBackupWaits_CannotBeSignedAnyMore()
    {
        _relay.Delete("keys/targets.pem");
        string before;
        using (RelayFolder folder = await _relay.OpenAsync(_relay.Data))
        using (RepositoryTransaction transaction = await folder.Repository.BeginAsync(Cancel))
        {
            RepositoryChange change = transaction.StartChange();
            change.TargetsChanged = true;
            before = transaction.Complete(change)!;
        }

        await RestoreAsync(await BackUpAsync(), Restored);
        using RelayFolder restored = await _relay.OpenAsync(Restored);

        PendingPublication staged = Assert.Single(restored.Repository.Pending.List(restored.Repository.Read()));
        Assert.NotEqual(before, staged.Id);
        Assert.True(staged.Version > Above);
    }

    [Fact]
    public async Task Restore_KeyIsRotatedBeforeTheFirstStart_SignsAbove()
    {
        await RestoreAsync(await BackUpAsync(), Restored);

        RelayCommandRun run = await RelayCommandRun.RunAsync("keys", "rotate", RoleNames.Timestamp, "--data", Restored);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.True(RepositorySnapshot.Read(new RepositoryFiles(Path.Combine(Restored, "repository"), new()),
            TimeProvider.System.GetUtcNow())!.Timestamp.Version > Above);
    }

    [Theory]
    [InlineData(50, 220_000_000, false, 0, 0)]
    [InlineData(50, 220_000_000, true, 0, 220_000_000)]
    [InlineData(230_000_000, 220_000_000, true, 0, 231_000_000)]
    [InlineData(50, 220_000_000, true, 240_000_000, 240_000_000)]
    [InlineData(50, 220_000_000, false, 210_000_000, 210_000_000)]
    public void LowestVersion_OfAManifest_IsAboveAllThatNodesMayHaveSeen(long version, long seconds, bool restored, long kept, long expected)
    {
        RelayManifest manifest = new()
        {
            Versions = new Dictionary<string, long> { [RoleNames.Root] = 900_000_000, [RoleNames.Timestamp] = version },
            Restored = restored,
            LowestVersion = kept,
        };
        DateTimeOffset now = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(seconds);

        Assert.Equal(expected, NewBeginning.LowestVersion(manifest, [], now));
        Assert.Equal(manifest.LowestVersion, RelayManifest.TryRead(manifest.ToJson())!.LowestVersion);
    }

    private static async Task RestoreAsync(string file, string data)
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync("restore", file, "--data", data);
        Assert.Equal((0, ""), (run.Code, run.Error));
    }

    private async Task<string> BackUpAsync()
    {
        string file = _relay.Folder.Combine("backup.tar");
        RelayCommandRun run = await RelayCommandRun.RunAsync("backup", file, "--data", _relay.Data);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return file;
    }
}
