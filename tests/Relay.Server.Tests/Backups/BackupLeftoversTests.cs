using Relay.Server.Backups;
using Relay.Server.Cli;
using Relay.Server.Datasets;
using Relay.Server.Storage;
using Relay.Server.Tests.Cli;
using Relay.Server.Tests.Hosting;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Backups;

/// <summary>Two backups at once, what a killed one leaves, and disks that are too small.</summary>
public sealed class BackupLeftoversTests : IDisposable
{
    private readonly StoppedRelayCopy _relay;
    private readonly string _left;

    public BackupLeftoversTests(StoppedRelay stopped)
    {
        _relay = new(stopped);
        _left = Path.Combine(_relay.Data, $"{BackupFolders.BackupPrefix}1");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _relay.Dispose();

    [Fact]
    public async Task Backup_AnotherIsInProgress_IsRefusedAndLeavesItsFolder()
    {
        Directory.CreateDirectory(_left);
        using FileLock held = BackupFolders.Lock(_relay.Data);

        RelayCommandRun run = await RelayCommandRun.RunAsync("backup", _relay.Folder.Combine("b.tar"), "--data", _relay.Data);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("in progress", run.Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_left));
        Assert.Equal([_relay.Data], Directory.EnumerateFileSystemEntries(_relay.Folder.Combine(".")).Select(Path.GetFullPath));
    }

    [Fact]
    public async Task Backup_OneWasKilled_DeletesWhatItLeftAndDoesNotBackItUp()
    {
        Directory.CreateDirectory(_left);
        await File.WriteAllTextAsync(Path.Combine(_left, "relay.db"), "rows", Cancel);

        RelayCommandRun run = await RelayCommandRun.RunAsync("backup", _relay.Folder.Combine("b.tar"), "--data", _relay.Data);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Empty(BackupFolders.FindBackups(_relay.Data));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_FolderOfABackup_IsDeletedUnlessTheBackupIsInProgress(bool inProgress)
    {
        Directory.CreateDirectory(_left);
        using FileLock? held = inProgress ? BackupFolders.Lock(_relay.Data) : null;

        (await _relay.OpenAsync(_relay.Data)).Dispose();

        Assert.Equal(inProgress, Directory.Exists(_left));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forget_WaitsForTheCopiesOfABackupThatIsInProgressAlone(bool inProgress)
    {
        Directory.CreateDirectory(_left);
        using FileLock? held = inProgress ? BackupFolders.Lock(_relay.Data) : null;
        TemporaryCopies copies = new(new DataFolder(_relay.Data));

        IReadOnlyList<string> found = copies.Find("logins");

        Assert.Equal([_left], found);
        Assert.Equal(inProgress, copies.HasAnyOf(found));
    }

    [Theory]
    [InlineData("data", "The copy of the databases needs 1 MiB")]
    [InlineData("backups", "The backup needs 1 MiB")]
    public async Task Backup_DiskIsTooSmall_SaysHowMuchItNeedsAndWritesNothing(string full, string named)
    {
        string backups = Directory.CreateDirectory(_relay.Folder.Combine("backups")).FullName;
        RelayBackup backup = new(
            new(_relay.Data), TimeProvider.System, new(), folder => folder == _relay.Folder.Combine(full) ? 1000 : long.MaxValue);

        IOException refused = await Assert.ThrowsAsync<IOException>(
            () => backup.WriteFileAsync(Path.Combine(backups, "b.tar"), (_, _) => { }, Cancel));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Contains("1 MiB are free", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(backups));
        Assert.Empty(BackupFolders.FindBackups(_relay.Data));
    }

    [Fact]
    public async Task Restore_DiskIsTooSmall_SaysHowMuchItNeedsAndWritesNothing()
    {
        string file = _relay.Folder.Combine("b.tar");
        await RelayCommandRun.RunAsync("backup", file, "--data", _relay.Data);
        await using FileStream backup = File.OpenRead(file);
        RelayRestore restore = new(_relay.Folder.Combine("restored"), freeBytes: _ => 1000);

        IOException refused = await Assert.ThrowsAsync<IOException>(() => restore.RunAsync(backup, checkOnly: false, (_, _) => { }, Cancel));

        Assert.Contains("The restore needs 1 MiB", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_relay.Folder.Combine("restored")));
    }

    [Fact]
    public void Free_OfAFolder_IsThatOfItsDisk()
    {
        Assert.True(DiskSpace.Free(_relay.Data) > 0);
        Assert.Null(DiskSpace.Free(_relay.Folder.Combine("none")));
    }

    [Fact]
    public async Task Backup_FileThatIsNoPartOfARelay_IsLeftOutAndNamed()
    {
        await File.WriteAllTextAsync(Path.Combine(_relay.Data, "notes.txt"), "mine", Cancel);
        await File.WriteAllTextAsync(Path.Combine(_relay.Data, "repository", ".unreachable.json"), "{}", Cancel);
        string file = _relay.Folder.Combine("b.tar");

        RelayCommandRun backup = await RelayCommandRun.RunAsync("backup", file, "--data", _relay.Data);
        RelayCommandRun restore = await RelayCommandRun.RunAsync("restore", file, "--data", _relay.Folder.Combine("restored"));

        Assert.Equal((0, 0), (backup.Code, restore.Code));
        Assert.Contains("notes.txt", backup.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unreachable", backup.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_relay.Folder.Combine("restored/notes.txt")));
    }
}
