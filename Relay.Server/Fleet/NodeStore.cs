using System.Data.Common;
using System.Text.Json;
using Dapper;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet;

/// <summary>The latest report of each node, and a bounded history.</summary>
internal sealed class NodeStore(RelayDatabase database, TimeProvider timeProvider)
{
    /// <summary>Reports come from the open network: the store is bounded.</summary>
    public const int MaximumNodes = 10_000;

    public const int HistoryPerNode = 20;

    /// <returns>False for a new node when the store is full.</returns>
    public bool TryStore(CheckIn report)
    {
        string json = JsonSerializer.Serialize(report, RelayApiJson.Default.CheckIn);
        long now = Instant.Now(timeProvider);
        return database.Write((connection, transaction) =>
        {
            bool isKnown = connection.ExecuteScalar<long>(
                "SELECT count(*) FROM nodes WHERE id = @Node", new { report.Node }, transaction) > 0;
            if (!isKnown && connection.ExecuteScalar<long>("SELECT count(*) FROM nodes", transaction: transaction) >= MaximumNodes)
            {
                return false;
            }

            connection.Execute(
                """
                INSERT INTO nodes (id, check_in, seen_at) VALUES (@Node, @json, @now)
                ON CONFLICT (id) DO UPDATE SET check_in = excluded.check_in, seen_at = excluded.seen_at;
                INSERT INTO check_ins (node, check_in, seen_at) VALUES (@Node, @json, @now);
                DELETE FROM check_ins WHERE node = @Node AND id NOT IN (
                    SELECT id FROM check_ins WHERE node = @Node ORDER BY id DESC LIMIT @HistoryPerNode);
                """,
                new { report.Node, json, now, HistoryPerNode },
                transaction);
            return true;
        });
    }

    /// <summary>Nodes by name, after the cursor.</summary>
    public IReadOnlyList<NodeView> List(string? cursor, int limit)
    {
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<(string Id, long SeenAt, string CheckIn)>(
                "SELECT id, seen_at, check_in FROM nodes WHERE id > @After ORDER BY id LIMIT @limit", new { After = cursor ?? "", limit })
            .Select(row => View(row.Id, row.SeenAt, row.CheckIn))];
    }

    /// <summary>A node's last reports, the newest first; empty for a node that never reported.</summary>
    public IReadOnlyList<NodeView> History(string id)
    {
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<(long SeenAt, string CheckIn)>(
                "SELECT seen_at, check_in FROM check_ins WHERE node = @id ORDER BY check_ins.id DESC", new { id })
            .Select(row => View(id, row.SeenAt, row.CheckIn))];
    }

    private static NodeView View(string id, long seenAt, string checkIn) =>
        new(id, Instant.FromMilliseconds(seenAt), JsonSerializer.Deserialize(checkIn, RelayApiJson.Default.CheckIn)!);
}
