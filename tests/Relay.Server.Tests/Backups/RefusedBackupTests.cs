using Relay.Server.Cli;
using Relay.Server.Tests.Cli;
using Relay.Server.Tests.Hosting;

namespace Relay.Server.Tests.Backups;

/// <summary>A backup that could not be restored is not written, and neither command replaces anything.</summary>
public sealed class RefusedBackupTests(StoppedRelay stopped) : IDisposable
{
    private readonly StoppedRelayCopy _relay = new(stopped);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _relay.Dispose();

    [Fact]
    public async Task Backup_FolderLacksAPart_IsRefusedAndLeavesNothing()
    {
        _relay.Delete("repository/metadata/timestamp.json");

        RelayCommandRun run = await RelayCommandRun.RunAsync("backup", _relay.Folder.Combine("b.tar"), "--data", _relay.Data);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("timestamp.json", run.Error, StringComparison.Ordinal);
        Assert.Equal([_relay.Data], Directory.EnumerateFileSystemEntries(_relay.Folder.Combine(".")).Select(Path.GetFullPath));
    }

    [Fact]
    public async Task Backup_FolderWithoutAManifest_IsRefused()
    {
        _relay.ForgetManifest();

        RelayCommandRun run = await RelayCommandRun.RunAsync("backup", _relay.Folder.Combine("b.tar"), "--data", _relay.Data);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("start the relay once", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_relay.Folder.Combine("b.tar")));
    }

    [Fact]
    public async Task Backup_FileExists_IsRefusedAndStays()
    {
        string file = _relay.Folder.Combine("b.tar");
        await File.WriteAllTextAsync(file, "the last backup", Cancel);

        RelayCommandRun run = await RelayCommandRun.RunAsync("backup", file, "--data", _relay.Data);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Equal("the last backup", await File.ReadAllTextAsync(file, Cancel));
    }

    [Fact]
    public async Task Restore_FolderIsNotEmpty_IsRefusedAndStays()
    {
        string file = _relay.Folder.Combine("backup.tar");
        await RelayCommandRun.RunAsync("backup", file, "--data", _relay.Data);
        Dictionary<string, byte[]> before = _relay.Files();

        RelayCommandRun run = await RelayCommandRun.RunAsync("restore", file, "--data", _relay.Data);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("is not empty", run.Error, StringComparison.Ordinal);
        _relay.AssertSame(before);
    }
}
