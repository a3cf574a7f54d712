using System.Data.Common;
using System.Net.Http.Json;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Backups;
using Relay.Server.Hosting;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Relay.Server.Tests.Cli;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Storage.Postgres;

/// <summary>A backup restores into either engine, with every row.</summary>
public sealed class PostgresBackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PostgresBackupTests() => Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restore_IntoPostgresAndBack_HasEachRowAndSignsAboveWhatNodesSaw()
    {
        string first = await BackUpARelayAsync();
        string moved = _folder.Combine("moved");
        string server = PostgresServer.Shared.CreateEmptyDatabase();

        RelayCommandRun restored = await RelayCommandRun.RunAsync("restore", first, "--data", moved, "--database", server);
        using (await OpenAsync(moved, server))
        {
            Assert.Equal(2, RelayDatabase.Inspect(new DataFolder(moved, server))!.TrainingRuns);
        }

        RepositorySnapshot after = Read(moved);
        string second = _folder.Combine("second.tar");
        RelayCommandRun backedUp = await RelayCommandRun.RunAsync("backup", second, "--data", moved, "--database", server);
        RelayCommandRun back = await RelayCommandRun.RunAsync("restore", second, "--data", _folder.Combine("back"));

        Assert.All([restored, backedUp, back], run => Assert.Equal((0, ""), (run.Code, run.Error)));
        Assert.All(
            RoleStatus.FromSnapshot(after).Where(role => role.Role != RoleNames.Root), role => Assert.True(role.Version > 100_000, role.Role));
        using SqliteConnection original = Open(Path.Combine(_folder.Combine("first"), DataFolder.DatabaseName));
        using SqliteConnection copy = Open(Path.Combine(_folder.Combine("back"), DataFolder.DatabaseName));
        using DbConnection postgres = PostgresDatabase.Connect(server);
        string[] changing = ["audit_log", "audit_heads"];
        Dictionary<string, string[]> expected = DatabaseRows.ReadAll(original, original);
        foreach ((string table, string[] rows) in DatabaseRows.ReadAll(original, postgres).Where(entry => !changing.Contains(entry.Key)))
        {
            Assert.Equal(expected[table], rows);
        }

        Dictionary<string, string[]> moreRows = DatabaseRows.ReadAll(original, postgres);
        Assert.All(
            DatabaseRows.ReadAll(copy, copy).Where(entry => !changing.Contains(entry.Key)),
            entry => Assert.Equal(moreRows[entry.Key], entry.Value));
        Assert.All(expected["audit_log"], line => Assert.Contains(line, moreRows["audit_log"]));
        Assert.Equal(
            original.ExecuteScalar<long>("PRAGMA application_id"), postgres.ExecuteScalar<long>("SELECT identity FROM relay_database"));
        Assert.Equal(original.ExecuteScalar<long>("PRAGMA application_id"), copy.ExecuteScalar<long>("PRAGMA application_id"));
        Assert.Equal(Triggers(original), Triggers(copy));
        Assert.NotEmpty(expected["check_ins"]);
        Assert.Equal(2, Numbers(copy)["training_runs"]);
        RelayCommandRun doctor = await RelayCommandRun.RunAsync("doctor", "--data", moved, "--database", server);
        Assert.Equal(0, doctor.Code);
    }

    /// <summary>A replica on a restored copy would send its requests on to the relay that was copied, and would be believed.</summary>
    [Fact]
    public void Write_RelayThatHasReplicas_LeavesOutItsAddressAndSecret()
    {
        string server = PostgresServer.Shared.CreateDatabase();
        string copy = _folder.Combine("copy.db");
        using PostgresDatabase database = PostgresDatabase.Create(server);
        ActiveRelay active = ActiveRelay.Announce(database, new("https://10.0.0.5:60002"), TimeProvider.System);

        PostgresBackup.Write(server, copy);

        using SqliteConnection written = Open(copy);
        Assert.Empty(written.Query("SELECT * FROM active_relay"));
        Assert.Equal(-1, File.ReadAllBytes(copy).AsSpan().IndexOf(Encoding.ASCII.GetBytes(active.Secret)));
    }

    [Fact]
    public async Task Restore_DatabaseThatHasTables_IsRefusedAndNothingIsWritten()
    {
        string file = await BackUpARelayAsync();
        string server = PostgresServer.Shared.CreateDatabase();

        RelayCommandRun run = await RelayCommandRun.RunAsync("restore", file, "--data", _folder.Combine("moved"), "--database", server);

        Assert.NotEqual(0, run.Code);
        Assert.Contains("restore into an empty one", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Combine("moved")));
    }

    [Fact]
    public async Task Restore_StoppedAfterItsRowsWereWritten_IsRefusedByAStartAndRepeatedUntilItEnds()
    {
        string file = await BackUpARelayAsync();
        string moved = _folder.Combine("moved");
        string server = PostgresServer.Shared.CreateEmptyDatabase();
        const string Name = ".restore-stopped";
        Directory.CreateDirectory(Path.Combine(moved, Name));
        PostgresBackup.Load(server, Path.Combine(_folder.Combine("first"), DataFolder.DatabaseName), _folder.Combine("first/samples"), Name);
        PostgresServer.Shared.Execute(server, "CREATE EXTENSION pgcrypto");
        string damaged = _folder.Combine("damaged.tar");
        await File.WriteAllTextAsync(damaged, "damaged", TestContext.Current.CancellationToken);

        RelayStartException unfinished = await Assert.ThrowsAsync<RelayStartException>(() => OpenAsync(moved, server));
        RelayCommandRun failed = await RelayCommandRun.RunAsync("restore", damaged, "--data", moved, "--database", server);
        RelayCommandRun repeated = await RelayCommandRun.RunAsync("restore", file, "--data", moved, "--database", server);
        (await OpenAsync(moved, server)).Dispose();

        Assert.Contains("relay restore", unfinished.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, failed.Code);
        Assert.Equal((0, ""), (repeated.Code, repeated.Error));
    }

    /// <summary>A relay with rows of most kinds; its folder stays.</summary>
    private async Task<string> BackUpARelayAsync()
    {
        string file = _folder.Combine("first.tar");
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { Server = null });
        await relay.PublishAsync("stable", await relay.TrainSmallAsync());
        await relay.TrainSmallAsync(trees: 3);
        foreach (string node in (string[])["a", "b"])
        {
            using HttpResponseMessage stored = await relay.Anonymous.PostAsJsonAsync(
                Routes.CheckInsOf(node), Reports.Valid(node), RelayApiJson.Default.CheckIn);
            stored.EnsureSuccessStatusCode();
        }

        await relay.CreateEnrollmentTokenAsync();
        await relay.StopAsync();
        await using (FileStream output = File.Create(file))
        {
            await new RelayBackup(new DataFolder(relay.DataFolder), TimeProvider.System, new()).WriteAsync(output, CancellationToken.None);
        }

        TemporaryFolder.CopyInto(relay.DataFolder, _folder.Combine("first"));
        return file;
    }

    private static Task<RelayFolder> OpenAsync(string folder, string server) => RelayFolder.OpenAsync(
        new RelayOptions { DataFolder = folder, Server = server, ShowAdminKey = _ => { }, ShowNotice = _ => { } }, CancellationToken.None);

    private static RepositorySnapshot Read(string folder) =>
        RepositorySnapshot.Read(new RepositoryFiles(Path.Combine(folder, "repository"), new()), TimeProvider.System.GetUtcNow())!;

    private static string[] Triggers(SqliteConnection connection) =>
        [.. connection.Query<string>("SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")];

    private static Dictionary<string, long> Numbers(SqliteConnection connection) =>
        connection.Query<(string Name, long Seq)>("SELECT name, seq FROM sqlite_sequence").ToDictionary(row => row.Name, row => row.Seq);

    private static SqliteConnection Open(string path)
    {
        SqliteConnection connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }
}
