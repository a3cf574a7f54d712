using System.Data.Common;
using System.Text.Json;
using Dapper;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet;

/// <summary>What became of a report.</summary>
internal enum CheckInOutcome
{
    /// <summary>It is durable.</summary>
    Stored,

    /// <summary>The node is new, and every place is taken by an established node.</summary>
    FleetFull,

    /// <summary>Too many reports wait to be written.</summary>
    Busy,
}

/// <summary>The latest report of each node, and a bounded history. Reports come from the open network: all of it is bounded.</summary>
internal sealed class NodeStore(RelayDatabase database, DatabaseWriter writer, NodeLimits limits, TimeProvider timeProvider)
{
    private long _waitingBytes;

    public NodeLimits Limits => limits;

    public async Task<CheckInOutcome> StoreAsync(CheckIn report)
    {
        string json = JsonSerializer.Serialize(report, RelayApiJson.Default.CheckIn);
        try
        {
            if (Interlocked.Add(ref _waitingBytes, json.Length) > limits.WaitingBytes)
            {
                return CheckInOutcome.Busy;
            }

            return await writer.WriteAsync((connection, transaction) =>
                    new NodeTable(connection, transaction, limits, Instant.Now(timeProvider)).TryStore(report.Node, json))
                ? CheckInOutcome.Stored
                : CheckInOutcome.FleetFull;
        }
        finally
        {
            Interlocked.Add(ref _waitingBytes, -json.Length);
        }
    }

    /// <summary>Forgets a node and its reports. It is new again when it reports.</summary>
    /// <returns>False when there is no such node.</returns>
    public Task<bool> RemoveAsync(string id) => writer.WriteAsync((connection, transaction) =>
        new NodeTable(connection, transaction, limits, Instant.Now(timeProvider)).Remove(id));

    /// <summary>Forgets the nodes whose last report is older than the instant.</summary>
    /// <param name="established">Also those that have reported for a day or longer.</param>
    /// <returns>Their number.</returns>
    public Task<int> RemoveUnseenAsync(DateTimeOffset before, bool established) => writer.WriteAsync((connection, transaction) =>
        new NodeTable(connection, transaction, limits, Instant.Now(timeProvider)).RemoveUnseen(
            before.ToUnixTimeMilliseconds(), established ? NodeStanding.Established : NodeStanding.Returned));

    /// <summary>Nodes by name, after the cursor.</summary>
    public IReadOnlyList<NodeView> List(string? cursor, int limit)
    {
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<(string Id, long FirstSeenAt, long SeenAt, long Standing, string CheckIn)>(
                "SELECT id, first_seen_at, seen_at, standing, check_in FROM nodes WHERE id > @After ORDER BY id LIMIT @limit",
                new { After = cursor ?? "", limit })
            .Select(row => View(row.Id, row.SeenAt, row.CheckIn) with
            {
                FirstSeenAt = Instant.FromMilliseconds(row.FirstSeenAt),
                Established = (NodeStanding)row.Standing == NodeStanding.Established,
            })];
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
