using System.Data.Common;
using Dapper;

namespace Relay.Server.Fleet;

/// <summary>The rows of nodes and their reports, inside one transaction: stores a report within <see cref="NodeLimits"/>.</summary>
internal sealed class NodeTable(DbConnection connection, DbTransaction transaction, NodeLimits limits, long now)
{
    /// <returns>False for a new node when every place is taken by an established one.</returns>
    public bool TryStore(string node, string json)
    {
        (long FirstSeen, long Standing)[] known = [.. connection.Query<(long, long)>(
            "SELECT first_seen_at, standing FROM nodes WHERE id = @node", new { node }, transaction)];
        if (known is [])
        {
            RemoveForgotten();
            if (connection.ExecuteScalar<long>("SELECT count(*) FROM nodes", transaction: transaction) >= limits.Nodes && !RemoveLeastKnown(node))
            {
                return false;
            }
        }

        NodeStanding standing = known is [var before]
            ? Max((NodeStanding)before.Standing, NodeLimits.StandingAfter(TimeSpan.FromMilliseconds(now - before.FirstSeen)))
            : NodeStanding.New;
        connection.Execute(
            """
            INSERT INTO nodes (id, check_in, first_seen_at, seen_at, standing) VALUES (@node, @json, @now, @now, @standing)
            ON CONFLICT (id) DO UPDATE SET check_in = excluded.check_in, seen_at = excluded.seen_at, standing = excluded.standing;
            INSERT INTO check_ins (node, check_in, seen_at) VALUES (@node, @json, @now);
            """,
            new { node, json, now, standing = (int)standing },
            transaction);
        CutHistory(node);
        if (standing != NodeStanding.Established)
        {
            LimitBytesOfOthers(node);
        }

        return true;
    }

    /// <returns>False when there is no such node.</returns>
    public bool Remove(string node) => connection.Execute(
        "DELETE FROM check_ins WHERE node = @node; DELETE FROM nodes WHERE id = @node", new { node }, transaction) > 0;

    /// <summary>Removes nodes whose last report is older.</summary>
    /// <param name="most">The highest standing of a node to remove.</param>
    /// <returns>The number of removed nodes.</returns>
    public int RemoveUnseen(long before, NodeStanding most)
    {
        object parameters = new { before, most = (int)most };
        const string Unseen = "standing <= @most AND seen_at < @before";
        connection.Execute($"DELETE FROM check_ins WHERE node IN (SELECT id FROM nodes WHERE {Unseen})", parameters, transaction);
        return connection.Execute($"DELETE FROM nodes WHERE {Unseen}", parameters, transaction);
    }

    private void RemoveForgotten() =>
        RemoveUnseen(now - (long)NodeLimits.ForgottenAfter.TotalMilliseconds, NodeStanding.Returned);

    /// <summary>Removes the node of the lowest standing that has been silent for longest.</summary>
    private bool RemoveLeastKnown(string except) =>
        connection.QueryFirstOrDefault<string>(
            "SELECT id FROM nodes WHERE standing < @Established AND id <> @except ORDER BY standing, seen_at LIMIT 1",
            new { Established = (int)NodeStanding.Established, except }, transaction) is { } node && Remove(node);

    private void LimitBytesOfOthers(string except)
    {
        while (connection.ExecuteScalar<long>(
            "SELECT coalesce(sum(bytes), 0) FROM nodes WHERE standing < @Established",
            new { Established = (int)NodeStanding.Established }, transaction) > limits.BytesOfOthers && RemoveLeastKnown(except))
        {
            // The next one, until the rest is within the limit.
        }
    }

    private void CutHistory(string node)
    {
        long total = 0;
        long latest = 0;
        long oldestKept = 0;
        int kept = 0;
        foreach ((long id, long bytes) in connection.Query<(long, long)>(
            "SELECT id, length(CAST(check_in AS BLOB)) FROM check_ins WHERE node = @node ORDER BY id DESC", new { node }, transaction))
        {
            if (kept > 0 && (kept == NodeLimits.History || total + bytes > limits.HistoryBytes))
            {
                break;
            }

            latest = kept == 0 ? bytes : latest;
            (total, oldestKept, kept) = (total + bytes, id, kept + 1);
        }

        connection.Execute(
            "DELETE FROM check_ins WHERE node = @node AND id < @oldestKept; UPDATE nodes SET bytes = @bytes WHERE id = @node",
            new { node, oldestKept, bytes = total + latest }, transaction);
    }

    private static NodeStanding Max(NodeStanding one, NodeStanding other) => one > other ? one : other;
}
