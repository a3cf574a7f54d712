using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Identity;
using Relay.Server.Fleet.Intervals;
using Relay.Server.Models;
using Relay.Server.Storage;
using Relay.Server.Tests.Fleet;
using Relay.Server.Training;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Storage;

public sealed class SchemaMigrationsTests
{
    [Fact]
    public void Apply_ReportsOfBefore_HaveTheirBytesInTheIndexOfTheHistory()
    {
        using SqliteConnection connection = new("Data Source=:memory:");
        connection.Open();
        SchemaMigrations.Apply(connection, last: 8);
        connection.Execute(
            """
            INSERT INTO nodes (id, check_in, seen_at) VALUES ('n', '{}', 0);
            INSERT INTO check_ins (node, check_in, seen_at) VALUES ('n', '{"é":1}', 0);
            INSERT INTO check_ins (node, check_in, seen_at, target, signature_input, signature) VALUES ('n', '{}', 0, '/t', 'input', 'text');
            """);

        SchemaMigrations.Apply(connection);

        Assert.Equal([8, 13], connection.Query<long>("SELECT bytes FROM check_ins ORDER BY id"));
        string plan = connection.QueryFirst<(long, long, long, string Detail)>(
            "EXPLAIN QUERY PLAN SELECT id, bytes FROM check_ins WHERE node = 'n' ORDER BY id DESC").Detail;
        Assert.Contains("COVERING INDEX check_ins_by_node", plan, StringComparison.Ordinal);
    }
    [Fact]
    public async Task Open_DatabaseOfSchema7WithData_KeepsItAllAndTakesWhatIsNew()
    {
        using TemporaryFolder folder = new();
        TestClock clock = new();
        using SigningNode node = new("n");
        NodePublicKey key = NodePublicKey.Read(node.PublicKey, out _)!;
        DataFolder data = new(folder.FullPath);
        CheckIn report = Reports.Valid("n");
        Dictionary<string, string> before = WriteSchema7(data, key, report);

        using RelayDatabase database = RelayDatabase.Open(data);
        using (SqliteConnection connection = (SqliteConnection)database.Open())
        {
            Assert.Equal(SchemaMigrations.Latest, connection.ExecuteScalar<long>("PRAGMA user_version"));
            Assert.Equal(before, before.Keys.ToDictionary(query => query, query => Rows(connection, query)));
            Assert.Empty(connection.Query("PRAGMA foreign_key_check"));
        }

        using DatabaseWriter writer = new(database);
        NodeLimits limits = new(10);
        NodeStore nodes = new(database, writer, new NodeKeys(database), limits, clock);
        CheckInReceipt stored = await StoreAsync(8);
        await nodes.BanAsync("n", isBanned: true);
        CheckInReceipt banned = await StoreAsync(9);

        Assert.Equal((CheckInOutcome.Stored, CheckInOutcome.Banned), (stored.Outcome, banned.Outcome));
        Assert.Single(new IntervalStore(database, limits, clock).List("n", null, 10));
        Assert.Equal(2, nodes.History("n").Count);
        TrainingRun run = Assert.Single(new TrainingRunStore(database, clock).List(TrainingRunFilter.All, null, 10));
        Assert.Equal((SmallModel.Name, null, null, null), (run.Model, run.StartedBy, run.Accept, run.Gates));
        Assert.Empty(new VersionSteps(database, clock).List(SmallModel.Name, 1));

        Task<CheckInReceipt> StoreAsync(long sequence) => nodes.StoreAsync(
            report with { Sequence = sequence },
            new CheckInSignature(key.Identity, JsonSerializer.Serialize(report, RelayApiJson.Default.CheckIn), "/t", "input", "text"));
    }

    /// <returns>Queries of all columns of that schema, with their rows.</returns>
    private static Dictionary<string, string> WriteSchema7(DataFolder folder, NodePublicKey key, CheckIn report)
    {
        using SqliteConnection connection = new($"Data Source={folder.Database};Pooling=False");
        connection.Open();
        SchemaMigrations.Apply(connection, last: 7);
        connection.Execute(
            """
            INSERT INTO models VALUES (@Name, @spec, 1, 2);
            INSERT INTO training_runs (model, spec, data, state, created_at) VALUES (@Name, @spec, @source, 'queued', 3);
            INSERT INTO enrollment_tokens (id, name, hash, created_at, expires_at, uses, used) VALUES (1, 'test', zeroblob(32), 0, 0, 10, 1);
            INSERT INTO node_keys VALUES ('n', @SubjectPublicKeyInfo, @Identity, 4, 1, 7);
            INSERT INTO nodes (id, check_in, first_seen_at, seen_at, bytes, standing, signed) VALUES ('n', @text, 5, 6, 0, 3, 1);
            INSERT INTO check_ins (node, check_in, seen_at, target, signature_input, signature) VALUES ('n', @text, 6, '/t', 'input', 'text');
            INSERT INTO rollouts (channel, base_release, accepts_schema_change, salt, rule, state, outcome, step, percentage, started_by, created_at)
            VALUES ('stable', 1, 0, 'salt', '{}', '{}', 'running', '{}', 5, 'someone', 7);
            """,
            new
            {
                SmallModel.Name,
                key.SubjectPublicKeyInfo,
                key.Identity,
                spec = JsonSerializer.Serialize(SmallModel.Spec(), ModelJson.Default.ModelSpec),
                source = JsonSerializer.Serialize(SmallModel.Data, RelayApiJson.Default.TrainingDataSource),
                text = JsonSerializer.Serialize(report, RelayApiJson.Default.CheckIn),
            });
        return connection
            .Query<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            .Select(table => $"SELECT {string.Join(", ", connection.Query<string>($"SELECT name FROM pragma_table_info('{table}')"))} FROM {table}")
            .ToDictionary(query => query, query => Rows(connection, query));
    }

    private static string Rows(SqliteConnection connection, string query) =>
        JsonSerializer.Serialize(connection.Query(query).Select(row => new Dictionary<string, object?>((IDictionary<string, object?>)row)));
}
