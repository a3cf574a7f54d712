using System.Data.Common;
using Dapper;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Relay.TestKit;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Storage.Postgres;

/// <summary>The counts that triggers keep are those of SQLite after any changes of nodes, and those that a recount gives.</summary>
public sealed class PostgresCountsTests
{
    private const int Steps = 400;

    [Fact(Skip = PostgresServer.NotInstalled, SkipUnless = nameof(PostgresServer.IsThere), SkipType = typeof(PostgresServer))]
    public void Triggers_AnyChangesOfNodes_CountAsSqliteDoesAndAsARecount()
    {
        using TemporaryFolder folder = new();
        using RelayDatabase sqlite = SqliteDatabase.Create(new DataFolder(folder.FullPath));
        using RelayDatabase postgres = PostgresDatabase.Create(PostgresServer.Shared.CreateDatabase());
        Random random = new(1);
        (string Sql, object Parameters)[] steps = [.. Enumerable.Range(0, Steps).Select(_ => NextStep(random))];

        Dictionary<string, string[]> expected = Run(sqlite, steps);
        Dictionary<string, string[]> counted = Run(postgres, steps);

        Assert.Equal(expected, counted);
        Assert.All(expected.Values, rows => Assert.NotEmpty(rows));
        using DbConnection connection = postgres.Open();
        Assert.Equal(
            connection.Query<(string, long, long, long, long)>(
                """
                SELECT json_extract(fleet, '$.channel') COLLATE "C", CAST(json_extract(fleet, '$.release') AS BIGINT), standing, count(*),
                    sum(CASE WHEN json_extract(fleet, '$.stale') IN ('1', 'true') THEN 1 ELSE 0 END)
                FROM nodes WHERE fleet IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
                """),
            connection.Query<(string, long, long, long, long)>(
                "SELECT channel, release, standing, nodes, stale FROM fleet_counts ORDER BY channel, release, standing"));
    }

    private static Dictionary<string, string[]> Run(RelayDatabase database, (string Sql, object Parameters)[] steps)
    {
        database.Write((connection, transaction) =>
        {
            connection.Execute(
                "INSERT INTO enrollment_tokens (id, name, hash, created_at, expires_at, uses) VALUES (1, 't', @hash, 0, 0, 1)",
                new { hash = new byte[32] }, transaction);
            foreach ((string sql, object parameters) in steps)
            {
                connection.Execute(sql, parameters, transaction);
            }

            return true;
        });
        using DbConnection connection = database.Open();
        return new Dictionary<string, string[]>
        {
            ["fleet_counts"] = DatabaseRows.Read(connection, "fleet_counts", ["channel", "release", "standing", "nodes", "stale", "quarantined"]),
            ["fleet_versions"] = DatabaseRows.Read(connection, "fleet_versions", ["model", "version", "nodes"]),
            ["nodes_seen"] = DatabaseRows.Read(connection, "nodes_seen", ["slot", "nodes"]),
        };
    }

    private static (string Sql, object Parameters) NextStep(Random random)
    {
        string id = $"n{random.Next(20)}";
        long seen = random.Next(5) * 300_000L;
        string models = string.Join(',', Enumerable.Range(0, random.Next(3)).Select(i => $$"""{"model":"m{{i}}","version":{{random.Next(1, 3)}}}"""));
        string? fleet = random.Next(10) == 0 ? null
            : $$"""{"channel":"c{{random.Next(2)}}","release":{{random.Next(3)}},"stale":{{(random.Next(2) == 0 ? "true" : "0")}},"quarantined":{{(random.Next(2) == 0 ? "false" : "1")}},"models":[{{models}}]}""";
        return random.Next(12) switch
        {
            0 => ("DELETE FROM nodes WHERE id = @id", new { id }),
            1 => ("DELETE FROM node_keys WHERE node = @id", new { id }),
            2 => ("UPDATE node_keys SET banned_at = 1 WHERE node = @id", new { id }),
            3 => ("UPDATE node_keys SET banned_at = NULL WHERE node = @id", new { id }),
            4 => ("UPDATE nodes SET standing = @standing WHERE id = @id", new { id, standing = random.Next(4) }),
            5 or 6 => ("INSERT INTO node_keys (node, public_key, identity, enrolled_at, token) VALUES (@id, @key, @id, 0, 1) ON CONFLICT DO NOTHING",
                new { id, key = new byte[1] }),
            _ => (
                """
                INSERT INTO nodes (id, check_in, seen_at, standing, fleet) VALUES (@id, '{}', @seen, @standing, @fleet)
                ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, standing = excluded.standing, fleet = coalesce(excluded.fleet, nodes.fleet)
                """,
                new { id, seen, standing = random.Next(4), fleet }),
        };
    }
}
