using System.Data.Common;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Fleet.Usage;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Relay.Server.Tests.Fleet;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Storage;

/// <summary>The step to schema 23 fills what lists of nodes are filtered by from the reports that there are, in both engines.</summary>
public sealed class NodeFiltersSchemaTests
{
    private const int Before = 22;

    private static readonly CheckIn[] Fleet =
    [
        Reports.Valid("healthy") with { Refusals = [], Quarantine = [] },
        Reports.Valid("refusing") with { Stale = true, Release = 7, Channel = "beta" },
        Reports.Valid("none") with { Models = [], Release = 0, Refusals = [] },
        Reports.Valid("two") with
        {
            Models =
            [
                new ActiveModel("small", 2, Reports.Sha256, "managed", 1, 1), new ActiveModel("small", 1, Reports.Sha256, "managed", 1, 1),
                new ActiveModel("large", 3, Reports.Sha256, "managed", 1, 1), new ActiveModel("small", 2, Reports.Sha256, "managed", 1, 1),
            ],
        },
    ];

    [Fact]
    public void Apply_ReportsOfBefore_FillTheColumns()
    {
        using SqliteConnection connection = new("Data Source=:memory:");
        connection.Open();
        SchemaMigrations.Apply(connection, last: Before);
        Insert(connection, null);

        SchemaMigrations.Apply(connection);

        AssertIsFilled(connection);
        Assert.Contains("COVERING INDEX nodes_by_filter", Plan("SELECT id FROM nodes WHERE stale = 1 AND seen_at < 5 ORDER BY id LIMIT 5"));
        Assert.Contains("INDEX nodes_by_standing", Plan("SELECT id FROM nodes WHERE standing < @a AND standing < 3 ORDER BY standing, seen_at"));

        string Plan(string sql) => string.Join(' ', connection
            .Query<(long, long, long, string Detail)>($"EXPLAIN QUERY PLAN {sql}", new { a = 1 }).Select(row => row.Detail));
    }

    [Fact(Skip = PostgresServer.NotInstalled, SkipUnless = nameof(PostgresServer.IsThere), SkipType = typeof(PostgresServer))]
    public void Apply_ReportsOfBeforeOnPostgres_FillTheColumns()
    {
        using PostgresConnection connection = PostgresDatabase.Connect(PostgresServer.Shared.CreateEmptyDatabase());
        using DbTransaction transaction = PostgresDatabase.BeginLocked(connection);
        PostgresMigrations.Apply(connection, transaction, last: Before);
        Insert(connection, transaction);

        PostgresMigrations.Apply(connection, transaction);

        AssertIsFilled(connection, transaction);
    }

    private static void Insert(DbConnection connection, DbTransaction? transaction)
    {
        foreach (CheckIn report in Fleet)
        {
            connection.Execute(
                "INSERT INTO nodes (id, check_in, seen_at) VALUES (@Node, @text, 0)",
                new { report.Node, text = JsonSerializer.Serialize(report, RelayApiJson.Default.CheckIn) }, transaction);
        }

        connection.Execute("INSERT INTO nodes (id, check_in, seen_at) VALUES ('unreadable', '{}', 0)", transaction: transaction);
    }

    private static void AssertIsFilled(DbConnection connection, DbTransaction? transaction = null)
    {
        Assert.Equal(
            Fleet.Select(report => (report.Node, report.Channel, (long)report.Release, report.Stale, report.Quarantine.Count > 0,
                    report.Refusals.Count > 0))
                .Append(("unreadable", "", 0, false, false, false)).Order(),
            connection.Query<(string, string, long, bool, bool, bool)>(
                "SELECT id, channel, release, stale, quarantined, refusing FROM nodes", transaction: transaction).Order());
        Assert.Equal(
            Fleet.SelectMany(report => report.Models.Select(model => (model.Name, report.Node, (long)model.Version))).Distinct().Order(),
            connection.Query<(string, string, long)>("SELECT model, node, version FROM node_models", transaction: transaction).Order());

        // The next report with the same models leaves their rows as they are: its text is the same.
        Assert.Equal(
            Fleet.Select(report => NodeVersion.ToJson(report.Models)).Append("[]").Order(StringComparer.Ordinal),
            connection.Query<string>("SELECT models FROM nodes", transaction: transaction).Order(StringComparer.Ordinal));
        connection.Execute("DELETE FROM nodes WHERE id <> 'healthy'", transaction: transaction);
        Assert.Equal(["healthy"], connection.Query<string>("SELECT node FROM node_models", transaction: transaction));
    }
}
