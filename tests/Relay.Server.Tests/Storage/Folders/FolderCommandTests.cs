using Relay.Server.Hosting;
using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Storage.Folders;

/// <summary>Commands on a data folder whose files the database has.</summary>
public sealed class FolderCommandTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly string _server;
    private readonly string[] _options;

    public FolderCommandTests()
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        _server = PostgresServer.Shared.CreateDatabase();
        File.WriteAllText(KeyFile, new string('7', 64));
        _options = ["--database", _server, "--folder-key-file", KeyFile];
    }

    private string KeyFile => _temporary.Combine("folder.key");

    private string First => _temporary.Combine("first");

    private string Second => _temporary.Combine("second");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Status_And_Store_ShowAndStoreWhatWasPlacedByHand()
    {
        await StartAndStopAsync(First);
        await File.WriteAllTextAsync(Path.Combine(First, "keys", "placed.pem"), "by hand", TestContext.Current.CancellationToken);

        RelayCommandRun differs = await RunAsync("folder", "status", "--data", First);
        RelayCommandRun doctor = await RunAsync("doctor", "--data", First);
        RelayCommandRun stored = await RunAsync("folder", "store", "--data", First);
        RelayCommandRun same = await RunAsync("folder", "status", "--data", First);

        Assert.Contains("the folder of the relay that works", differs.Output, StringComparison.Ordinal);
        Assert.Contains("added keys/placed.pem", differs.Output, StringComparison.Ordinal);
        Assert.Equal(1, doctor.Code);
        Assert.Contains("'keys/placed.pem' is added here; put it there by relay folder store", doctor.Output, StringComparison.Ordinal);
        Assert.Equal("stored: added keys/placed.pem\n", stored.Output);
        Assert.DoesNotContain("placed", same.Output, StringComparison.Ordinal);
        await StartAndStopAsync(Second);
        Assert.Equal("by hand", await File.ReadAllTextAsync(Path.Combine(Second, "keys", "placed.pem"), TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Attack", "two-processes")]
    public async Task Commands_OnACopy_AreRefusedAndChangeNothing()
    {
        await StartAndStopAsync(First);
        await StartAndStopAsync(Second);
        IReadOnlyList<string> before = FolderScene.Describe(new(First));

        RelayCommandRun[] refused =
        [
            await RunAsync("keys", "rotate", "timestamp", "--data", First), await RunAsync("gc", "--data", First),
            await RunAsync("backup", _temporary.Combine("backup.tar"), "--data", First), await RunAsync("folder", "store", "--data", First),
        ];
        RelayCommandRun rotated = await RunAsync("keys", "rotate", "timestamp", "--data", Second);

        Assert.All(refused, run => Assert.Equal((1, true), (run.Code, run.Error.Contains("a copy that follows", StringComparison.Ordinal))));
        Assert.Equal(before, FolderScene.Describe(new(First)));
        Assert.Equal(0, rotated.Code);
        await StartAndStopAsync(First);
        Assert.Equal(Keys(Second), Keys(First));
    }

    [Fact]
    public async Task Commands_WithoutDatabaseOrKey_SayWhatIsMissing()
    {
        await StartAndStopAsync(First);

        RelayCommandRun noDatabase = await RelayCommandRun.RunAsync("keys", "rotate", "timestamp", "--data", First);
        RelayCommandRun noKey = await RelayCommandRun.RunAsync("keys", "rotate", "timestamp", "--data", First, "--database", _server);
        RelayStartException serve = await Assert.ThrowsAsync<RelayStartException>(() => StartAndStopAsync(First, keyFile: null));

        Assert.Contains("--database-file", noDatabase.Error, StringComparison.Ordinal);
        Assert.Contains("--folder-key-file", noKey.Error, StringComparison.Ordinal);
        Assert.Contains("--folder-key-file", serve.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BackupAndRestore_GoIntoANewFolderAndDatabase()
    {
        await StartAndStopAsync(First);
        string backup = _temporary.Combine("backup.tar");
        string server = PostgresServer.Shared.CreateEmptyDatabase();

        RelayCommandRun saved = await RunAsync("backup", backup, "--data", First);
        RelayCommandRun restored = await RelayCommandRun.RunAsync("restore", backup, "--data", Second, "--database", server);

        Assert.Equal((0, 0, ""), (saved.Code, restored.Code, restored.Error));
        (await RelayFolder.OpenAsync(Options(Second, KeyFile) with { Server = server }, TestContext.Current.CancellationToken)).Dispose();
        Assert.True(StoredFolders.Exist(server));
    }

    private Task<RelayCommandRun> RunAsync(params string[] command) => RelayCommandRun.RunAsync([.. command, .. _options]);

    private Task StartAndStopAsync(string data) => StartAndStopAsync(data, KeyFile);

    private async Task StartAndStopAsync(string data, string? keyFile) =>
        (await RelayFolder.OpenAsync(Options(data, keyFile), TestContext.Current.CancellationToken)).Dispose();

    private RelayOptions Options(string data, string? keyFile) => new()
    {
        DataFolder = data,
        Server = _server,
        FolderKeyFile = keyFile,
        ShowAdminKey = _ => { },
        ShowNotice = _ => { },
    };

    private static IReadOnlyList<string> Keys(string data) =>
        [.. FolderScene.Describe(new(data)).Where(line => line.Contains(".pem ", StringComparison.Ordinal))];
}
