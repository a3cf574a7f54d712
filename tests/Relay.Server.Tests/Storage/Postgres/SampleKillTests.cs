using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using Dapper;
using Relay.Server.Storage.Postgres;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Storage.Postgres;

/// <summary>The relay is killed while samples are moved into the database, or deleted from it.</summary>
public sealed class SampleKillTests
{
    private const int Rows = 20_000;
    private readonly string _server;

    public SampleKillTests()
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        _server = PostgresServer.Shared.CreateEmptyDatabase();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Attack", "kill")]
    public async Task Kill_InTheMiddleOfAMove_IsRepeatedAndLosesNothing()
    {
        await using RelayProcess relay = new("--database", _server);
        string before = await FillAsync(relay);
        await relay.StopAsync("TERM");
        string name = Assert.Single(FindNames());
        string file = Path.Combine(relay.DataFolder, "samples", name);
        Assert.True(PostgresSampleCopy.Write(_server, name, file));
        Execute($"DROP SCHEMA {PostgresSampleTables.SchemaOf(name)} CASCADE");

        // The move waits for the lock of the dataset, copies, or has ended: whatever is seen first.
        for (int kill = 0; kill < 3; kill++)
        {
            using DbConnection connection = PostgresDatabase.Connect(_server);
            Task start = relay.StartAsync();
            await Eventually.TrueAsync(
                () => start.IsCompleted || connection.ExecuteScalar<bool>(
                    """
                    SELECT EXISTS (SELECT 1 FROM pg_stat_activity
                    WHERE state <> 'idle' AND query LIKE ANY (ARRAY['COPY "samples"%', 'ALTER TABLE state ADD%']))
                    """),
                "samples are moved");
            await relay.KillAsync();
            await Record.ExceptionAsync(() => start);
            Assert.True(File.Exists(file) || FindNames().Count == 1);
        }

        await relay.StartAsync();

        using HttpClient admin = relay.CreateAdminClient();
        Assert.False(File.Exists(file));
        Assert.Equal([name], FindNames());
        Assert.Equal(before, await ExportAsync(admin, "killed"));
    }

    [Fact]
    [Trait("Attack", "kill")]
    [Trait("Attack", "samples-remains")]
    public async Task Kill_InTheMiddleOfADeletion_IsEndedByTheNextStart()
    {
        await using RelayProcess relay = new("--database", _server);
        await FillAsync(relay);
        string schema = PostgresSampleTables.SchemaOf(Assert.Single(FindNames()));
        using (DbConnection reader = PostgresDatabase.Connect(_server))
        {
            reader.Execute($"BEGIN; LOCK TABLE {schema}.state IN ACCESS SHARE MODE");
            using HttpClient admin = relay.CreateAdminClient();
            Task<HttpResponseMessage> deletion = admin.DeleteAsync(Routes.DatasetOf("killed"), Cancel);
            using DbConnection connection = PostgresDatabase.Connect(_server);
            await Eventually.TrueAsync(
                () => connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'relation')"),
                "the deletion waits for the reader");
            await relay.KillAsync();
            await Record.ExceptionAsync(() => deletion);
        }

        await relay.StartAsync();

        using HttpClient again = relay.CreateAdminClient();
        using HttpResponseMessage unknown = await again.GetAsync(Routes.DatasetOf("killed"), Cancel);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        await Eventually.TrueAsync(() => FindNames().Count == 0, "the start deletes the samples");
    }

    private static async Task<string> FillAsync(RelayProcess relay)
    {
        await relay.StartAsync();
        using HttpClient admin = relay.CreateAdminClient();
        using HttpResponseMessage created = await admin.PostAsJsonAsync(Routes.Datasets, Spec("killed"), RelayApiJson.Default.DatasetSpec, Cancel);
        created.EnsureSuccessStatusCode();
        string note = new('n', 500);
        UploadReport report = await AddAsync(
            admin, "killed", [.. Enumerable.Range(0, Rows).Select(i => $$"""{"id":"id-{{i}}","length":{{i}},"note":"{{note}}"}""")]);
        Assert.Equal(Rows, report.Accepted);
        return await ExportAsync(admin, "killed");
    }

    private IReadOnlyList<string> FindNames()
    {
        using DbConnection connection = PostgresDatabase.Connect(_server);
        return PostgresSampleTables.FindNames(connection);
    }

    private void Execute(string sql) => PostgresServer.Shared.Execute(_server, sql);
}
