using Relay.Server.Backups;
using Relay.Server.Cli;
using Relay.Server.Hosting;
using Relay.Server.Storage;
using Relay.Server.Tests.Cli;
using Relay.Server.Tests.Hosting;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Backups;

/// <summary>A restore that is killed or fails half way: no relay starts in what it leaves, and it can be repeated.</summary>
public sealed class StoppedRestoreTests(StoppedRelay stopped) : IDisposable
{
    private readonly StoppedRelayCopy _relay = new(stopped);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Restored => _relay.Folder.Combine("restored");

    public void Dispose() => _relay.Dispose();

    [Fact]
    public async Task Restore_KilledBeforeAnyMove_NoRelayStartsAndItIsRepeated()
    {
        string file = await BackUpAsync();
        List<string> stops = [];
        DurableFiles files = new(beforeStep: step =>
        {
            if (IsMove(step, Restored))
            {
                stops.Add(_relay.Folder.Combine($"stop-{stops.Count}"));
                Copy(Restored, stops[^1]);
            }
        });
        await RestoreAsync(file, Restored, files);

        Assert.InRange(stops.Count, 8, 20);
        foreach (string stop in stops)
        {
            RelayStartException refused = await Assert.ThrowsAsync<RelayStartException>(() => _relay.OpenAsync(stop));
            Assert.Contains("restore", refused.Message, StringComparison.Ordinal);

            RelayCommandRun run = await RelayCommandRun.RunAsync("restore", file, "--data", stop);

            Assert.Equal((0, ""), (run.Code, run.Error));
            Assert.Equal(Names(Restored), Names(stop));
        }

        (await _relay.OpenAsync(stops[^1])).Dispose();
    }

    [Fact]
    public async Task Restore_AnyMoveFails_LeavesWhatWasThere()
    {
        string file = await BackUpAsync();
        string volume = _relay.Folder.Combine("volume");
        Directory.CreateDirectory(Path.Combine(volume, "lost+found"));
        int last = 0;
        for (bool failed = true; failed; last++)
        {
            int move = 0;
            DurableFiles files = new(beforeStep: step =>
            {
                if (IsMove(step, volume) && move++ == last)
                {
                    throw new IOException("no space left");
                }
            });
            try
            {
                await RestoreAsync(file, volume, files);
                failed = false;
            }
            catch (IOException)
            {
                Assert.Equal(["backup.lock", "lock", "lost+found"], Names(volume));
            }
        }

        // A volume is not replaced: what its file system keeps in it is still there.
        Assert.InRange(last, 9, 21);
        Assert.Contains("lost+found", Names(volume));
        (await _relay.OpenAsync(volume)).Dispose();
    }

    [Fact]
    public async Task Restore_KilledBeforeItsFolderIsDeleted_ARelayStartsAndDeletesIt()
    {
        await RestoreAsync(await BackUpAsync(), Restored, new());
        string left = Path.Combine(Restored, $"{BackupFolders.RestorePrefix}1");
        Directory.CreateDirectory(left);

        (await _relay.OpenAsync(Restored)).Dispose();

        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public async Task Restore_AnotherIsInProgress_IsRefusedAndTouchesNothingOfIt()
    {
        string file = await BackUpAsync();
        string unpacked = Path.Combine(Restored, $"{BackupFolders.RestorePrefix}1");
        Directory.CreateDirectory(unpacked);
        await File.WriteAllTextAsync(Path.Combine(Restored, "relay.json"), "{}", Cancel);
        using FileLock held = BackupFolders.Lock(Restored);

        RelayCommandRun run = await RelayCommandRun.RunAsync("restore", file, "--data", Restored);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("in progress", run.Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(unpacked) && File.Exists(Path.Combine(Restored, "relay.json")));
    }

    [Fact]
    public async Task Restore_ARelayWorksInTheFolder_IsRefused()
    {
        string file = await BackUpAsync();
        Directory.CreateDirectory(Restored);
        using FileLock held = DataFolder.TryLock(Restored)!;

        RelayCommandRun run = await RelayCommandRun.RunAsync("restore", file, "--data", Restored);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("works in", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_CheckInTheFolderOfARelay_LeavesItAsItIs()
    {
        string file = await BackUpAsync();
        using FileLock relay = DataFolder.TryLock(_relay.Data)!;
        Dictionary<string, byte[]> before = _relay.Files();
        string[] names = Names(_relay.Data);

        RelayCommandRun run = await RelayCommandRun.RunAsync("restore", file, "--check", "--data", _relay.Data);

        Assert.Equal((0, ""), (run.Code, run.Error));
        _relay.AssertSame(before);
        Assert.Equal(names, Names(_relay.Data));
    }

    private static bool IsMove(FileStep step, string target) => step.IsRename && Path.GetDirectoryName(step.Path) == target;

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static async Task RestoreAsync(string file, string target, DurableFiles files)
    {
        await using FileStream backup = File.OpenRead(file);
        await new RelayRestore(target, files).RunAsync(backup, checkOnly: false, (_, _) => { }, Cancel);
    }

    // Locks are held, and end with the process.
    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string path in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, path)));
        }

        foreach (string path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            if (Path.GetFileName(path) is not (DataFolder.LockName or BackupFolders.LockName))
            {
                File.Copy(path, Path.Combine(to, Path.GetRelativePath(from, path)));
            }
        }
    }

    private async Task<string> BackUpAsync()
    {
        string file = _relay.Folder.Combine("backup.tar");
        RelayCommandRun run = await RelayCommandRun.RunAsync("backup", file, "--data", _relay.Data);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return file;
    }
}
