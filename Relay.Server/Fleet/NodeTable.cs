using System.Data.Common;
using Dapper;
using Relay.Server.Fleet.Intervals;
using Relay.Server.Fleet.Usage;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet;

/// <summary>The rows of nodes and their reports, inside one transaction: stores a report within <see cref="NodeLimits"/>.</summary>
internal sealed class NodeTable(DbConnection connection, DbTransaction transaction, NodeLimits limits, long now)
{
    private IntervalTable Intervals => new(connection, transaction, limits, now);

    /// <param name="json">The report.</param>
    /// <param name="signature">What proves it; null for a report that is not signed.</param>
    /// <param name="entry">What it adds to the counts of the fleet.</param>
    public CheckInReceipt Store(CheckIn report, string json, CheckInSignature? signature, FleetEntry? entry)
    {
        string node = report.Node;
        (string Identity, long LastSequence)[] key = [.. connection.Query<(string, long)>(
            "SELECT identity, last_sequence FROM node_keys WHERE node = @node", new { node }, transaction)];
        if (FindRefusal(report, signature, key) is { } refused)
        {
            return refused;
        }

        (long FirstSeen, long Standing)[] known = [.. connection.Query<(long, long)>(
            "SELECT first_seen_at, standing FROM nodes WHERE id = @node", new { node }, transaction)];
        NodeStanding standing = signature is not null ? NodeStanding.Enrolled
            : known is [var before]
                ? Max((NodeStanding)before.Standing, NodeLimits.StandingAfter(TimeSpan.FromMilliseconds(now - before.FirstSeen)))
            : NodeStanding.New;
        if (known is [] && !MakeRoom(node, standing))
        {
            return new CheckInReceipt(CheckInOutcome.FleetFull);
        }

        if (signature is not null)
        {
            Intervals.Add(report, signature);
        }

        Write(node, report.Sequence, json, signature, standing);
        if (entry is not null)
        {
            connection.Execute("UPDATE nodes SET fleet = @State WHERE id = @node", new { node, entry.State }, transaction);
            new UsageTable(connection, transaction, now).Add(node, entry);
        }

        CutHistory(node);
        if (standing < NodeStanding.Established)
        {
            LimitBytesOfOthers(node);
        }

        return new CheckInReceipt(CheckInOutcome.Stored, report.Sequence);
    }

    /// <returns>False when there is no such node.</returns>
    public bool Remove(string node)
    {
        Intervals.CloseRemoved("@node", new { node });
        return connection.Execute(
            "DELETE FROM check_ins WHERE node = @node; DELETE FROM nodes WHERE id = @node; DELETE FROM node_keys WHERE node = @node",
            new { node }, transaction) > 0;
    }

    /// <summary>Removes nodes whose last report is older, and with the standing of enrolled nodes also those that enrolled before and never
    /// reported.</summary>
    /// <param name="most">The highest standing of a node to remove.</param>
    /// <returns>The number of removed nodes.</returns>
    public int RemoveUnseen(long before, NodeStanding most)
    {
        object parameters = new { before, most = (int)most };
        const string Unseen = "SELECT id FROM nodes WHERE standing <= @most AND seen_at < @before";
        int silent = 0;
        if (most == NodeStanding.Enrolled)
        {
            Intervals.CloseRemoved(Unseen, parameters);
            silent = connection.Execute(
                "DELETE FROM node_keys WHERE enrolled_at < @before AND node NOT IN (SELECT id FROM nodes)", parameters, transaction);
            connection.Execute($"DELETE FROM node_keys WHERE node IN ({Unseen})", parameters, transaction);
        }

        connection.Execute($"DELETE FROM check_ins WHERE node IN ({Unseen})", parameters, transaction);
        return silent + connection.Execute($"DELETE FROM nodes WHERE id IN ({Unseen})", parameters, transaction);
    }

    /// <summary>Null for a report that is to be stored. A node that has enrolled is never reported for without its key, and each of its reports
    /// counts once.</summary>
    private static CheckInReceipt? FindRefusal(CheckIn report, CheckInSignature? signature, (string Identity, long LastSequence)[] key) =>
        (signature, key) switch
        {
            (null, []) => null,
            (null, _) => new CheckInReceipt(CheckInOutcome.Unsigned),
            (_, []) => new CheckInReceipt(CheckInOutcome.NotEnrolled),
            (_, [var known]) when known.Identity != signature.KeyIdentity => new CheckInReceipt(CheckInOutcome.NotEnrolled),
            (_, [var known]) when report.Sequence == known.LastSequence => new CheckInReceipt(CheckInOutcome.Repeated, known.LastSequence),
            (_, [var known]) when report.Sequence < known.LastSequence => new CheckInReceipt(CheckInOutcome.Outdated, known.LastSequence),
            _ => null,
        };

    private void Write(string node, long sequence, string json, CheckInSignature? signature, NodeStanding standing) => connection.Execute(
        """
        INSERT INTO nodes (id, check_in, first_seen_at, seen_at, standing, signed) VALUES (@node, @json, @now, @now, @standing, @signed)
        ON CONFLICT (id) DO UPDATE SET
            check_in = excluded.check_in, seen_at = excluded.seen_at, standing = excluded.standing, signed = excluded.signed;
        INSERT INTO check_ins (node, check_in, seen_at, target, signature_input, signature) VALUES (@node, @body, @now, @Target, @Input, @Text);
        UPDATE node_keys SET last_sequence = @sequence WHERE node = @node;
        """,
        new
        {
            node, json, now, sequence, standing = (int)standing, signed = signature is not null, body = signature?.Body ?? json,
            signature?.Target, signature?.Input, signature?.Text,
        },
        transaction);

    /// <returns>False when every place is taken by a node that makes no room for one of this standing.</returns>
    private bool MakeRoom(string node, NodeStanding standing)
    {
        RemoveForgotten();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM nodes", transaction: transaction) < limits.Nodes
            || RemoveLeastKnown(node, standing == NodeStanding.Enrolled ? NodeStanding.Enrolled : NodeStanding.Established);
    }

    private void RemoveForgotten() =>
        RemoveUnseen(now - (long)NodeLimits.ForgottenAfter.TotalMilliseconds, NodeStanding.Returned);

    /// <summary>Removes the node of the lowest standing that has been silent for longest.</summary>
    /// <param name="spared">The lowest standing of nodes that stay.</param>
    private bool RemoveLeastKnown(string except, NodeStanding spared) =>
        connection.QueryFirstOrDefault<string>(
            "SELECT id FROM nodes WHERE standing < @spared AND id <> @except ORDER BY standing, seen_at LIMIT 1",
            new { spared = (int)spared, except }, transaction) is { } node && Remove(node);

    private void LimitBytesOfOthers(string except)
    {
        while (connection.ExecuteScalar<long>(
            "SELECT coalesce(sum(bytes), 0) FROM nodes WHERE standing < @Established",
            new { Established = (int)NodeStanding.Established }, transaction) > limits.BytesOfOthers
            && RemoveLeastKnown(except, NodeStanding.Established))
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
            """
            SELECT id, length(CAST(check_in AS BLOB)) + coalesce(length(target) + length(signature_input) + length(signature), 0)
            FROM check_ins WHERE node = @node ORDER BY id DESC
            """, new { node }, transaction))
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
