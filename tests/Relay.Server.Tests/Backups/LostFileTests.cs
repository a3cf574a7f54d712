using System.Buffers.Binary;
using System.Formats.Tar;
using System.Text;
using Relay.Server.Backups;
using Relay.Server.Cli;
using Relay.Server.Tests.Cli;
using Relay.Server.Tests.Hosting;

namespace Relay.Server.Tests.Backups;

/// <summary>A folder that lacks a file that its metadata or its database names is not backed up, and a backup that lacks one is not
/// restored.</summary>
public sealed class LostFileTests(StoppedRelay stopped) : IDisposable
{
    private const string Artifact = "artifacts/";
    private const string Target = "repository/targets/models/";
    private readonly StoppedRelayCopy _relay = new(stopped);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _relay.Dispose();

    [Theory]
    [InlineData(Target)]
    [InlineData("repository/targets/channels/")]
    [InlineData("repository/metadata/1.root.json")]
    [InlineData(Artifact)]
    [InlineData("keys/")]
    public async Task Backup_AFileIsLost_IsRefusedAndNamesIt(string part)
    {
        await AddRootAsync();
        string lost = Find(part);
        if (part == "keys/")
        {
            _relay.Delete("keys");
        }
        else
        {
            _relay.Delete(lost);
        }

        RelayCommandRun run = await RelayCommandRun.RunAsync("backup", _relay.Folder.Combine("b.tar"), "--data", _relay.Data);

        Assert.Equal(CommandLine.Failed, run.Code);
        string named = part switch
        {
            "keys/" => "keys",
            "repository/targets/channels/" => "channels/stable.json",
            _ => Path.GetFileName(lost),
        };
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
        Assert.Equal([_relay.Data], Directory.EnumerateFileSystemEntries(_relay.Folder.Combine(".")).Select(Path.GetFullPath));
    }

    [Theory]
    [InlineData(Target)]
    [InlineData(Artifact)]
    public async Task Backup_AFileIsDamaged_IsRefusedAndNamesIt(string part)
    {
        string damaged = Find(part);
        string path = Path.Combine(_relay.Data, damaged);
        byte[] content = await File.ReadAllBytesAsync(path, Cancel);
        content[^1] ^= 1;
        File.Delete(path);
        await File.WriteAllBytesAsync(path, content, Cancel);

        RelayCommandRun run = await RelayCommandRun.RunAsync("backup", _relay.Folder.Combine("b.tar"), "--data", _relay.Data);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains(Path.GetFileName(damaged), run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Target)]
    [InlineData("repository/metadata/1.root.json")]
    [InlineData(Artifact)]
    [InlineData("keys/")]
    public async Task Restore_TheBackupLacksAFile_IsRefusedAndNamesIt(string part)
    {
        await AddRootAsync();
        string file = await BackUpAsync();
        string lost = Find(part);
        string altered = _relay.Folder.Combine("altered.tar");
        await File.WriteAllBytesAsync(
            altered,
            await AlteredBackup.RemoveAsync(file, name => part == "keys/" ? name.StartsWith(part, StringComparison.Ordinal) : name == lost),
            Cancel);

        RelayCommandRun run = await RelayCommandRun.RunAsync("restore", "--check", altered, "--data", _relay.Folder.Combine("restored"));

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains(part == "keys/" ? "keys" : Path.GetFileName(lost), run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_relay.Folder.Combine("restored")));
    }

    [Fact]
    public async Task Backup_LossThatTheOperatorAccepted_IsNoGap()
    {
        _relay.Delete(Find(Artifact));
        (await _relay.OpenAsync(_relay.Data, startAnew: true)).Dispose();

        string file = await BackUpAsync();
        RelayCommandRun run = await RelayCommandRun.RunAsync("restore", "--check", file, "--data", _relay.Folder.Combine("restored"));

        Assert.Equal((0, ""), (run.Code, run.Error));
    }

    [Fact]
    public async Task Restore_ListOfSumsWithoutAnEnd_IsRefusedBeforeItIsRead()
    {
        byte[] backup = await File.ReadAllBytesAsync(await BackUpAsync(), Cancel);
        Span<byte> header = backup.AsSpan(backup.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(FileSums.EntryName + "\0")));

        // The size in binary form, and the sum of the header, which counts its own place as spaces.
        header.Slice(124, 12).Clear();
        header[124] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(header[128..], FileSums.MaximumBytes + 1L);
        header.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte part in header[..512])
        {
            sum += part;
        }

        Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(header[148..]);
        string altered = _relay.Folder.Combine("altered.tar");
        await File.WriteAllBytesAsync(altered, backup, Cancel);

        RelayCommandRun run = await RelayCommandRun.RunAsync("restore", "--check", altered, "--data", _relay.Folder.Combine("restored"));

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains($"more than {FileSums.MaximumBytes} bytes", run.Error, StringComparison.Ordinal);
    }

    // Nodes that have the first root need it to follow, and the relay itself does not.
    private async Task AddRootAsync() =>
        Assert.Equal(0, (await RelayCommandRun.RunAsync("keys", "rotate", "timestamp", "--data", _relay.Data)).Code);

    // The last in order: the others of the same content are links to the first, which is there. An artifact that no release has.
    private string Find(string part)
    {
        HashSet<string> published = [.. Directory.EnumerateFiles(Path.Combine(_relay.Data, "repository", "targets"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetFileName(path).Split('.')[0])];
        return _relay.Files().Keys
            .Select(path => Path.GetRelativePath(_relay.Data, path).Replace('\\', '/'))
            .Where(name => name.StartsWith(part, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Last(name => part != Artifact || !published.Contains(Path.GetFileName(name)));
    }

    private async Task<string> BackUpAsync()
    {
        string file = _relay.Folder.Combine("backup.tar");
        RelayCommandRun run = await RelayCommandRun.RunAsync("backup", file, "--data", _relay.Data);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return file;
    }
}
