using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Relay.Server.Cli;
using Relay.Server.Tests.Cli;
using Relay.Server.Tests.Hosting;

namespace Relay.Server.Tests.Backups;

/// <summary>What is not what <c>relay backup</c> wrote is not restored, and nothing is left of it.</summary>
public sealed class DamagedBackupTests(StoppedRelay stopped) : IDisposable
{
    private readonly StoppedRelayCopy _relay = new(stopped);

    public void Dispose() => _relay.Dispose();

    [Fact]
    public async Task Restore_OneBitAltered_IsRefusedOrGivesTheSameFiles()
    {
        string file = await BackUpAsync();
        byte[] whole = await File.ReadAllBytesAsync(file, Cancel);
        int refused = 0;
        for (int i = 0; i < 40; i++)
        {
            byte[] altered = [.. whole];

            // Inside of contents and headers alike; the zeros that fill up blocks carry nothing.
            int at = Enumerable.Range(0, 100_000).Select(step => (int)(((long)i * whole.Length / 40) + step)).First(index => whole[index] != 0);
            altered[at] ^= 4;
            await File.WriteAllBytesAsync(_relay.Folder.Combine("altered.tar"), altered, Cancel);
            string restored = _relay.Folder.Combine($"restored-{i}");
            RelayCommandRun run = await RelayCommandRun.RunAsync("restore", _relay.Folder.Combine("altered.tar"), "--data", restored);
            refused += run.Code == CommandLine.Failed ? 1 : 0;
            Assert.Equal(run.Code == 0, Directory.Exists(restored));

            // A bit of a time or of an account name changes no file.
            foreach (string name in run.Code == 0 ? Directory.EnumerateFiles(Path.Combine(restored, "keys"), "*.pem") : [])
            {
                Assert.Equal(File.ReadAllBytes(Path.Combine(_relay.Data, "keys", Path.GetFileName(name))), File.ReadAllBytes(name));
            }
        }

        Assert.InRange(refused, 30, 40);
    }

    [Fact]
    public async Task Restore_CutOffAnywhere_IsRefused()
    {
        byte[] whole = await File.ReadAllBytesAsync(await BackUpAsync(), Cancel);
        foreach (int length in (int[])[0, 1, 100, 512, 5000, whole.Length / 3, whole.Length / 2, whole.Length - 4000])
        {
            await AssertRefusedAsync(whole[..length]);
        }
    }

    [Theory]
    [Trait("Attack", "restore-outside-folder")]
    [InlineData("../outside", TarEntryType.RegularFile, null)]
    [InlineData("/tmp/relay-outside", TarEntryType.RegularFile, null)]
    [InlineData("keys/../../outside", TarEntryType.RegularFile, null)]
    [InlineData("keys", TarEntryType.SymbolicLink, "/tmp")]
    [InlineData("outside", TarEntryType.HardLink, "/etc/hostname")]
    [InlineData("outside", TarEntryType.HardLink, "../data/relay.db")]
    [InlineData("samples/a.db", TarEntryType.HardLink, "relay.db")]
    [InlineData("artifacts/../../outside", TarEntryType.HardLink, "artifacts/../../data/relay.db")]
    [InlineData("pipe", TarEntryType.Fifo, null)]
    [InlineData("relay.db", TarEntryType.RegularFile, null)]
    [InlineData("keys//targets.pem", TarEntryType.RegularFile, null)]
    [InlineData("notes.txt", TarEntryType.RegularFile, null)]
    [InlineData("lock", TarEntryType.RegularFile, null)]
    [InlineData("RELAY.DB", TarEntryType.RegularFile, null)]
    [InlineData("relay.db-wal", TarEntryType.RegularFile, null)]
    [InlineData("samples/a.db-journal", TarEntryType.RegularFile, null)]
    [InlineData("artifacts/deeper/a", TarEntryType.RegularFile, null)]
    [InlineData("keys/.hidden", TarEntryType.RegularFile, null)]
    [InlineData("keys/a\\b.pem", TarEntryType.RegularFile, null)]
    [InlineData("keys/\u001b[2J.pem", TarEntryType.RegularFile, null)]
    [InlineData("repository/staging/0.tmp", TarEntryType.RegularFile, null)]
    [InlineData("set-aside/1/keys/root.pem", TarEntryType.RegularFile, null)]
    [InlineData(".restore-1/relay.db", TarEntryType.RegularFile, null)]
    public async Task Restore_EntryThatLeadsElsewhere_IsRefusedAndWritesNothing(string name, TarEntryType type, string? target)
    {
        byte[] altered = await AlteredBackup.InsertAsync(await BackUpAsync(), name, type, target);

        await AssertRefusedAsync(altered);

        Assert.False(File.Exists("/tmp/relay-outside") || File.Exists(_relay.Folder.Combine("outside")));
    }

    [Theory]
    [InlineData("format", "\"format\": 1", "\"format\": 2")]
    [InlineData("schema", "\"schema\": ", "\"schema\": 9")]
    [InlineData("rows", "\"models\": 1", "\"models\": 2")]
    [InlineData("metadata", "\"targets\": ", "\"targets\": 7")]
    public async Task Restore_DescriptionOfAnotherState_IsRefused(string what, string text, string other)
    {
        byte[] altered = await AlteredBackup.RewriteAsync(
            await BackUpAsync(), (name, content) => name == "backup.json" ? Replace(content, text, other) : content);

        Assert.NotEmpty(what);
        await AssertRefusedAsync(altered);
    }

    [Fact]
    public async Task Restore_DatabaseWithItsOwnSumIsDamaged_IsRefused()
    {
        byte[] damaged = RandomNumberGenerator.GetBytes(100_000);
        string sum = Convert.ToHexStringLower(SHA256.HashData(damaged));

        await AssertRefusedAsync(await AlteredBackup.RewriteAsync(await BackUpAsync(), (name, content) => name switch
        {
            "relay.db" => damaged,
            "SHA256SUMS" => Encoding.UTF8.GetBytes(string.Join('\n', Encoding.UTF8.GetString(content).Split('\n')
                .Select(line => line.EndsWith("  relay.db", StringComparison.Ordinal) ? $"{sum}  relay.db" : line))),
            _ => content,
        }));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static byte[] Replace(byte[] content, string text, string other)
    {
        string before = Encoding.UTF8.GetString(content);
        Assert.Contains(text, before, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(before.Replace(text, other, StringComparison.Ordinal));
    }

    private async Task AssertRefusedAsync(byte[] backup)
    {
        string file = _relay.Folder.Combine($"{Guid.NewGuid():N}.tar");
        await File.WriteAllBytesAsync(file, backup, Cancel);
        string[] before = Directory.GetFileSystemEntries(_relay.Folder.Combine("."));

        RelayCommandRun run = await RelayCommandRun.RunAsync("restore", file, "--data", _relay.Folder.Combine("restored"));

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.NotEmpty(run.Error);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_relay.Folder.Combine(".")));
        File.Delete(file);
    }

    private async Task<string> BackUpAsync()
    {
        string file = _relay.Folder.Combine("backup.tar");
        RelayCommandRun run = await RelayCommandRun.RunAsync("backup", file, "--data", _relay.Data);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return file;
    }
}
