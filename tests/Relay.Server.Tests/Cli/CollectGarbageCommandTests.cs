using Relay.Server.Cli;
using Relay.Server.Tests.Hosting;

namespace Relay.Server.Tests.Cli;

/// <summary><c>relay gc</c> on the folder of a stopped relay.</summary>
public sealed class CollectGarbageCommandTests : IDisposable
{
    private static readonly DateTime LongAgo = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly StoppedRelayCopy _relay;

    public CollectGarbageCommandTests(StoppedRelay stopped)
    {
        _relay = new(stopped);
        foreach (string file in Directory.GetFiles(Path.Combine(_relay.Data, "artifacts")))
        {
            File.SetLastWriteTimeUtc(file, LongAgo);
        }
    }

    public void Dispose() => _relay.Dispose();

    [Fact]
    public async Task Gc_OldArtifactWithoutAVersion_IsRemovedAndAllOthersStay()
    {
        Dictionary<string, byte[]> before = _relay.Files();
        string orphan = Path.Combine(_relay.Data, "artifacts", new string('a', 64));
        File.WriteAllText(orphan, "left by a kill");
        File.SetLastWriteTimeUtc(orphan, LongAgo);

        RelayCommandRun run = await RelayCommandRun.RunAsync("gc", "--data", _relay.Data);

        Assert.Equal(0, run.Code);
        Assert.Contains("1 files", run.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(orphan));

        // The database has the command in its audit log.
        Assert.All(
            before.Where(file => !Path.GetFileName(file.Key).StartsWith("relay.db", StringComparison.Ordinal)),
            file => Assert.Equal(file.Value, File.ReadAllBytes(file.Key)));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("of another relay")]
    [InlineData("an older copy")]
    [InlineData("without tables")]
    public async Task Gc_DatabaseThatIsNotTheOneOfTheFolder_IsRefusedAndDeletesNothing(string kind)
    {
        Alter(kind);
        Dictionary<string, byte[]> before = _relay.Files();

        RelayCommandRun run = await RelayCommandRun.RunAsync("gc", "--data", _relay.Data);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("relay.db", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        _relay.AssertSame(before);
    }

    [Fact]
    public async Task Gc_RepositoryWithoutItsTimestamp_IsRefusedAndDeletesNothing()
    {
        _relay.Delete("repository/metadata/timestamp.json");
        Dictionary<string, byte[]> before = _relay.Files();

        RelayCommandRun run = await RelayCommandRun.RunAsync("gc", "--data", _relay.Data);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("timestamp.json", run.Error, StringComparison.Ordinal);
        _relay.AssertSame(before);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    public async Task ApproverKey_DatabaseLost_IsRefusedAndCreatesNone(string kind)
    {
        Alter(kind);
        Dictionary<string, byte[]> before = _relay.Files();

        RelayCommandRun run = await RelayCommandRun.RunAsync("approver-key", "--data", _relay.Data);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.StartsWith("relay: ", run.Error, StringComparison.Ordinal);
        _relay.AssertSame(before);
    }

    private void Alter(string kind)
    {
        switch (kind)
        {
            case "of another relay":
                _relay.Execute("DELETE FROM model_versions; PRAGMA application_id = 7");
                break;
            case "an older copy":
                _relay.Execute("DELETE FROM model_versions; UPDATE sqlite_sequence SET seq = 0 WHERE name = 'training_runs'");
                break;
            default:
                _relay.Delete("relay.db");
                _relay.Delete("relay.db-wal");
                _relay.Delete("relay.db-shm");
                if (kind == "empty")
                {
                    File.WriteAllBytes(Path.Combine(_relay.Data, "relay.db"), []);
                }
                else if (kind == "without tables")
                {
                    _relay.Execute("PRAGMA journal_mode = WAL; CREATE TABLE other (id INTEGER); DROP TABLE other");
                }

                break;
        }
    }
}
