using System.Data.Common;
using Dapper;
using Relay.Server.Backups;
using Relay.Server.Hosting;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Relay.TestKit.Databases;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Storage.Postgres;

/// <summary>A backup has the samples of datasets as files, and they go with the rows into either engine.</summary>
public sealed class SampleBackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SampleBackupTests() => Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);

    private string Moved => _folder.Combine("moved");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restore_IntoPostgresAndBack_HasAllSamples()
    {
        string first = await BackUpARelayAsync(null);
        string server = PostgresServer.Shared.CreateEmptyDatabase();

        RelayCommandRun restored = await RelayCommandRun.RunAsync("restore", first, "--data", Moved, "--database", server);
        string[] inPostgres = ReadAll(new DataFolder(Moved, server));
        string second = _folder.Combine("second.tar");
        RelayCommandRun backedUp = await RelayCommandRun.RunAsync("backup", second, "--data", Moved, "--database", server);
        RelayCommandRun back = await RelayCommandRun.RunAsync("restore", second, "--data", _folder.Combine("back"));

        RelayCommandRun doctor = await RelayCommandRun.RunAsync("doctor", "--data", Moved, "--database", server);

        Assert.Equal(0, doctor.Code);
        Assert.All([restored, backedUp, back], run => Assert.Equal((0, ""), (run.Code, run.Error)));
        Assert.Empty(Directory.GetFiles(Path.Combine(Moved, "samples")));
        string[] expected = ReadAll(new DataFolder(_folder.Combine("first")));
        Assert.True(expected.Length > 2000);
        Assert.Equal(expected, inPostgres);
        Assert.Equal(expected, ReadAll(new DataFolder(_folder.Combine("back"))));
        using DbConnection connection = DatabaseCopy.Open(Directory.GetFiles(_folder.Combine("back/samples")).Single());
        Assert.Equal(SampleSchema.Version, connection.ExecuteScalar<long>("PRAGMA user_version"));
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task Restore_KilledAfterItsSamplesWereWritten_LeavesNothingThatARelayStartsWith()
    {
        string file = await BackUpARelayAsync(PostgresServer.Shared.CreateDatabase());
        string server = PostgresServer.Shared.CreateEmptyDatabase();
        const string Name = ".restore-stopped";
        Directory.CreateDirectory(Path.Combine(Moved, Name));
        string left = _folder.Combine("left.db");
        SqliteSamples.Create(left, new byte[32], _folder.FullPath).Dispose();
        using (PostgresConnection to = PostgresDatabase.Connect(server))
        using (DbTransaction transaction = PostgresDatabase.BeginLocked(to))
        {
            PostgresSampleCopy.Load(to, transaction, left, "samples_0123", Name);
            transaction.Commit();
        }

        RelayCommandRun elsewhere = await RelayCommandRun.RunAsync("restore", file, "--data", _folder.Combine("other"), "--database", server);
        await Assert.ThrowsAsync<RelayStartException>(() => RelayFolder.OpenAsync(
            new RelayOptions { DataFolder = _folder.Combine("new"), Server = server, ShowAdminKey = _ => { }, ShowNotice = _ => { } },
            CancellationToken.None));
        RelayCommandRun repeated = await RelayCommandRun.RunAsync("restore", file, "--data", Moved, "--database", server);

        Assert.NotEqual(0, elsewhere.Code);
        Assert.Contains("restore into an empty one", elsewhere.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (repeated.Code, repeated.Error));
        using DbConnection connection = PostgresDatabase.Connect(server);
        Assert.DoesNotContain("0123.db", Assert.Single(PostgresSampleTables.FindNames(connection)), StringComparison.Ordinal);
        Assert.True(ReadAll(new DataFolder(Moved, server)).Length > 2000);
    }

    private async Task<string> BackUpARelayAsync(string? server)
    {
        string file = _folder.Combine("first.tar");
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { Server = server });
        await CreateAsync(relay, "visits");
        await AddAsync(
            relay.Admin, "visits",
            [
                .. Enumerable.Range(0, 2000)
                    .Select(i => $$"""{"id":"id-{{i}}","length":{{i}},"note":"{{new string('ü', i % 90)}}","verdict":"good"}"""),
            ]);
        await LabelAsync(relay.Admin, "visits", ("id-7", "bad"), ("id-8", "good"), ("waits", "bad"));
        await relay.StopAsync();
        await using (FileStream output = File.Create(file))
        {
            await new RelayBackup(new DataFolder(relay.DataFolder, server), TimeProvider.System, new()).WriteAsync(output, CancellationToken.None);
        }

        TemporaryFolder.CopyInto(relay.DataFolder, _folder.Combine("first"));
        return file;
    }

    /// <summary>All rows of all tables, the same way from both engines.</summary>
    private static string[] ReadAll(DataFolder folder)
    {
        using RelayDatabase database = RelayDatabase.Create(folder);
        SampleDatabases all = database.OpenSamples(folder);
        using SampleDatabase samples = all.Open(Assert.Single(all.FindNames()));
        using DbConnection connection = samples.OpenForReads();
        return
        [
            .. SampleSchema.Tables.SelectMany(table => connection.Query($"SELECT * FROM {table} ORDER BY 1").Select(row => Text(table, row))),
        ];
    }

    private static string Text(string table, IDictionary<string, object?> row) => table + string.Join(
        '|', row.OrderBy(cell => cell.Key, StringComparer.Ordinal).Select(cell => $"{cell.Key}={Text(cell.Value)}"));

    private static string? Text(object? value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        bool flag => flag ? "1" : "0",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture),
    };
}
