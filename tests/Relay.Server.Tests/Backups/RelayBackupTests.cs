using System.Diagnostics;
using Relay.Server.Hosting;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.Server.Tests.Cli;
using Relay.Server.Tests.Hosting;
using Relay.TestKit;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Backups;

/// <summary><c>relay backup</c> and <c>relay restore</c> on the folder of a relay that was stopped.</summary>
public sealed class RelayBackupTests(StoppedRelay stopped) : IDisposable
{
    private readonly StoppedRelayCopy _relay = new(stopped);

    private string Restored => _relay.Folder.Combine("restored");

    public void Dispose() => _relay.Dispose();

    [Theory]
    [InlineData("backup.tar")]
    [InlineData("backup.tar.gz")]
    public async Task Restore_OfABackup_GivesEachFileAndARelayThatStarts(string name)
    {
        string file = await BackUpAsync(name);

        RelayCommandRun run = await RelayCommandRun.RunAsync("restore", file, "--data", Restored);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("1 models with 2 versions, 2 training runs", run.Output, StringComparison.Ordinal);
        foreach ((string path, byte[] content) in _relay.Files().Where(file => Path.GetFileName(file.Key) is not ("relay.json" or "relay.db")
            && Path.GetFileName(Path.GetDirectoryName(file.Key)) is not DataFolder.RunsName))
        {
            Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(Restored, Path.GetRelativePath(_relay.Data, path)), Cancel));
        }

        using RelayFolder folder = await _relay.OpenAsync(Restored);
        Assert.Empty(_relay.AdminKeys);
        Assert.Equal(2, folder.Database.LastTrainingRun());

        // They change while a backup reads, and no one needs them to go on.
        Assert.Empty(Directory.GetFiles(Path.Combine(Restored, DataFolder.RunsName)));
    }

    [Fact]
    public async Task Restore_NodesHaveSeenLaterMetadata_SignsAllRolesAboveThem()
    {
        string file = await BackUpAsync();
        await RelayCommandRun.RunAsync("restore", file, "--data", Restored);
        RepositorySnapshot before = Read(_relay.Data);

        (await _relay.OpenAsync(Restored)).Dispose();
        RepositorySnapshot first = Read(Restored);
        (await _relay.OpenAsync(Restored)).Dispose();

        Assert.All(
            RoleStatus.FromSnapshot(first).Where(role => role.Role != RoleNames.Root),
            role => Assert.True(role.Version > Version(before, role.Role) + 100_000, role.Role));
        Assert.Equal(before.Releases.Keys, first.Releases.Keys);

        // Once: the start after that goes on as every start does.
        Assert.Equal(Version(first, RoleNames.Targets), Version(Read(Restored), RoleNames.Targets));
    }

    [Fact]
    public async Task Restore_TargetsKeyIsOffline_WaitsForPeopleWithTheHigherVersion()
    {
        string key = Path.Combine(_relay.Data, "keys", "targets.pem");
        string file = await BackUpAsync();
        await RelayCommandRun.RunAsync("restore", file, "--data", Restored);
        File.Delete(Path.Combine(Restored, "keys", Path.GetFileName(key)));

        using RelayFolder folder = await _relay.OpenAsync(Restored);

        RepositorySnapshot snapshot = folder.Repository.Read();
        Assert.True(Version(snapshot, RoleNames.Channels) > 100_000);
        Assert.True(Version(snapshot, RoleNames.Targets) < 100);
        Assert.Single(folder.Repository.Pending.List(snapshot));
    }

    [Fact]
    public async Task Backup_OfDatasets_HasTheirRows()
    {
        string samples = Path.Combine(_relay.Data, "samples");
        Directory.CreateDirectory(samples);
        using (SqliteSamples.Create(Path.Combine(samples, "a.db"), new byte[32], samples))
        {
            await BackUpAsync();
        }

        await RelayCommandRun.RunAsync("restore", _relay.Folder.Combine("backup.tar"), "--data", Restored);

        using SqliteSamples restored = SqliteSamples.Open(Path.Combine(Restored, "samples", "a.db"), Restored);
        AssertIsPrivate(Path.Combine(Restored, "samples", "a.db"));
    }

    [Fact]
    public async Task Backup_FolderOfAnEarlierSchema_IsRestoredAndMigratedAtTheStart()
    {
        _relay.Execute("DROP TRIGGER nodes_seen_added; DROP TRIGGER nodes_seen_removed; DROP TRIGGER nodes_seen_again");
        _relay.Execute("DROP TRIGGER nodes_seen_banned; DROP TRIGGER nodes_seen_unbanned; DROP TRIGGER nodes_seen_key_removed");
        _relay.Execute("DROP TRIGGER node_models_added; DROP TRIGGER node_models_removed; DROP TRIGGER node_models_changed");
        _relay.Execute("DROP INDEX nodes_by_filter; DROP INDEX node_keys_banned; DROP TABLE node_models; DROP TABLE fleet_samples");
        _relay.Execute("ALTER TABLE nodes DROP COLUMN channel; ALTER TABLE nodes DROP COLUMN release; ALTER TABLE nodes DROP COLUMN stale");
        _relay.Execute("ALTER TABLE nodes DROP COLUMN quarantined; ALTER TABLE nodes DROP COLUMN refusing; ALTER TABLE nodes DROP COLUMN models");
        _relay.Execute(
            "DROP TABLE training_triggers; DROP TABLE datasets; DROP TABLE nodes_seen; DROP TABLE audit_log; DROP TABLE audit_heads; "
            + "DROP TABLE idempotency_keys; DROP TABLE alias_changes; DROP TABLE webhooks; DROP TABLE webhook_events; DROP TABLE webhook_marks; "
            + "DROP TABLE tags; DROP TABLE notes; ALTER TABLE models DROP COLUMN archived_at; DROP TABLE console_sessions; "
            + "DROP TABLE active_relay; DROP TABLE trace_steps; DROP TABLE sample_copies; "
            + "PRAGMA user_version = 11");
        _relay.Execute("ALTER TABLE api_keys DROP COLUMN owner; ALTER TABLE training_runs DROP COLUMN trigger");
        _relay.Execute("ALTER TABLE training_runs DROP COLUMN worker; ALTER TABLE training_runs DROP COLUMN stage");
        _relay.Execute("ALTER TABLE training_runs DROP COLUMN done; ALTER TABLE training_runs DROP COLUMN total");
        string file = await BackUpAsync();

        await RelayCommandRun.RunAsync("restore", file, "--data", Restored);

        using RelayFolder folder = await _relay.OpenAsync(Restored);
        Assert.Equal(2, folder.Database.LastTrainingRun());
    }

    [Fact]
    public async Task Backup_UnpackedByTar_VerifiesBySha256sumAndIsForItsOwnerAlone()
    {
        string file = await BackUpAsync("backup.tar.gz");
        Directory.CreateDirectory(Restored);

        await ShellAsync($"tar -xzf {file} -C {Restored} && cd {Restored} && sha256sum --quiet --strict -c SHA256SUMS");

        AssertIsPrivate(file);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(_relay.Data, "keys", "targets.pem")), File.ReadAllBytes(Path.Combine(Restored, "keys", "targets.pem")));
    }

    [Fact]
    public async Task Backup_NoFileIsWrittenTwice()
    {
        string file = await BackUpAsync();

        long different = _relay.Files().Values.DistinctBy(Convert.ToHexString).Sum(content => (long)content.Length);
        Assert.InRange(new FileInfo(file).Length, different / 2, different * 1.5);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_relay.Data, "uploads")));
    }

    [Fact]
    public async Task Restore_Check_LeavesNothing()
    {
        string file = await BackUpAsync();

        RelayCommandRun run = await RelayCommandRun.RunAsync("restore", file, "--check", "--data", Restored);

        Assert.Equal(0, run.Code);
        Assert.Contains("is whole", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(file)!).Count());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static RepositorySnapshot Read(string data) =>
        RepositorySnapshot.Read(new RepositoryFiles(Path.Combine(data, "repository"), new()), TimeProvider.System.GetUtcNow())!;

    private static long Version(RepositorySnapshot snapshot, string role) =>
        RoleStatus.FromSnapshot(snapshot).Single(status => status.Role == role).Version;

    private static void AssertIsPrivate(string file) =>
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), file);

    private static async Task ShellAsync(string command)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardError = true })!;
        string error = await shell.StandardError.ReadToEndAsync(Cancel);
        await shell.WaitForExitAsync(Cancel);
        Assert.True(shell.ExitCode == 0, error);
    }

    private async Task<string> BackUpAsync(string name = "backup.tar")
    {
        string file = _relay.Folder.Combine(name);
        RelayCommandRun run = await RelayCommandRun.RunAsync("backup", file, "--data", _relay.Data);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return file;
    }
}
