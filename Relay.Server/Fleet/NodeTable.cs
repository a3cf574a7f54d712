using System.Data.Common;
using System.Text;
using Dapper;
using Relay.Server.Fleet.Intervals;
using Relay.Server.Fleet.Usage;
using Relay.Server.Storage;
using Relay.Server.Webhooks;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet;

/// <summary>The rows of nodes and their reports, inside one transaction: stores a report within <see cref="NodeLimits"/>.</summary>
internal sealed class NodeTable(DbConnection connection, DbTransaction transaction, NodeLimits limits, long now)
{
    // The condition of the index by standing, without which no statement uses it: enrolled nodes make no room for others.
    private const string MakesRoom = "standing < 3";

    // To count reads all nodes: new ones that come together are counted once.
    private NodeCount Count => SharedWork.Find<NodeCount>(transaction);

    private IntervalTable Intervals => new(connection, transaction, limits, now);

    /// <param name="json">The report.</param>
    /// <param name="signature">What proves it; null for a report that is not signed.</param>
    /// <param name="entry">What it adds to the counts of the fleet.</param>
    public CheckInReceipt Store(CheckIn report, string json, CheckInSignature? signature, FleetEntry? entry)
    {
        string node = report.Node;
        Known[] reports = Read(node);
        Known known = reports[0];
        if (FindRefusal(report, signature, known) is { } refused)
        {
            return refused;
        }

        NodeStanding standing = signature is not null ? NodeStanding.Enrolled
            : known.FirstSeenAt is { } firstSeen
                ? Max((NodeStanding)known.Standing, NodeLimits.StandingAfter(TimeSpan.FromMilliseconds(now - firstSeen)))
            : NodeStanding.New;
        if (known.FirstSeenAt is null && !MakeRoom(node, standing))
        {
            return new CheckInReceipt(CheckInOutcome.FleetFull);
        }

        if (signature is not null)
        {
            Intervals.Add(report, signature, known.Open);
        }

        long lastWindow = entry is null ? known.LastWindow : new UsageTable(transaction, now).Add(entry, known.LastWindow);
        Write(report, json, signature, standing, entry?.State, lastWindow, reports);
        Count.Nodes += known.FirstSeenAt is null ? 1 : 0;
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
        Count.Nodes = null;
        return connection.Execute(
            "DELETE FROM check_ins WHERE node = @node; DELETE FROM nodes WHERE id = @node; DELETE FROM node_keys WHERE node = @node",
            new { node }, transaction) > 0;
    }

    /// <summary>Bans the key of a node, or ends the ban.</summary>
    /// <returns>False when no such node has enrolled.</returns>
    public bool Ban(string node, bool isBanned)
    {
        bool? wasBanned = connection.QuerySingleOrDefault<bool?>(
            "SELECT banned_at IS NOT NULL FROM node_keys WHERE node = @node", new { node }, transaction);
        connection.Execute(
            "UPDATE node_keys SET banned_at = CASE WHEN @isBanned THEN coalesce(banned_at, @now) END WHERE node = @node",
            new { node, isBanned, now }, transaction);
        if (isBanned && wasBanned == false)
        {
            WebhookEventTable.Append(connection, transaction, WebhookEvents.NodeBanned, $"nodes/{node}", new() { Node = node }, now);
        }

        return wasBanned is not null;
    }

    /// <summary>Removes nodes whose last report is older, and with the standing of enrolled nodes also those that enrolled before and never
    /// reported. Banned nodes stay: they are silent because of the ban, which would end with them.</summary>
    /// <param name="most">The highest standing of a node to remove.</param>
    /// <returns>The number of removed nodes.</returns>
    public int RemoveUnseen(long before, NodeStanding most)
    {
        object parameters = new { before, most = (int)most };
        const string Banned = "(SELECT node FROM node_keys WHERE banned_at IS NOT NULL)";
        string unseen = most == NodeStanding.Enrolled
            ? $"SELECT id FROM nodes WHERE seen_at < @before AND id NOT IN {Banned}"
            : $"SELECT id FROM nodes WHERE standing <= @most AND {MakesRoom} AND seen_at < @before AND id NOT IN {Banned}";
        int silent = 0;
        if (most == NodeStanding.Enrolled)
        {
            Intervals.CloseRemoved(unseen, parameters);
            silent = connection.Execute(
                "DELETE FROM node_keys WHERE enrolled_at < @before AND banned_at IS NULL AND node NOT IN (SELECT id FROM nodes)",
                parameters, transaction);
            connection.Execute($"DELETE FROM node_keys WHERE node IN ({unseen})", parameters, transaction);
        }

        connection.Execute($"DELETE FROM check_ins WHERE node IN ({unseen})", parameters, transaction);
        int removed = connection.Execute($"DELETE FROM nodes WHERE id IN ({unseen})", parameters, transaction);
        Count.Nodes = removed > 0 ? null : Count.Nodes;
        return silent + removed;
    }

    /// <summary>Null for a report that is to be stored. A node that has enrolled is never reported for without its key, and each of its reports
    /// counts once.</summary>
    private static CheckInReceipt? FindRefusal(CheckIn report, CheckInSignature? signature, Known known) =>
        (signature, known.Identity) switch
        {
            (null, null) => null,
            (null, _) => new CheckInReceipt(CheckInOutcome.Unsigned),
            (_, _) when known.Identity != signature.KeyIdentity => new CheckInReceipt(CheckInOutcome.NotEnrolled),
            (_, _) when known.IsBanned => new CheckInReceipt(CheckInOutcome.Banned),
            (_, _) when report.Sequence == known.LastSequence => new CheckInReceipt(CheckInOutcome.Repeated, known.LastSequence),
            (_, _) when report.Sequence < known.LastSequence => new CheckInReceipt(CheckInOutcome.Outdated, known.LastSequence),
            _ => null,
        };

    /// <summary>What is known of a node, once for each report that is kept of it, the newest first; once where there is none.</summary>
    private Known[] Read(string node) => [.. connection.Query<Known>(
        """
        SELECT identity, coalesce(last_sequence, 0) AS LastSequence, first_seen_at AS FirstSeenAt, coalesce(standing, 0) AS Standing,
            coalesce(last_window, 0) AS LastWindow, banned_at IS NOT NULL AS IsBanned,
            begun.state AS State, begun.from_at AS FromAt, coalesce(nodes.seen_at, begun.from_at) AS SeenAt,
            check_ins.id AS Report, check_ins.bytes AS ReportBytes
        FROM (SELECT @node AS name) AS asked LEFT JOIN node_keys ON node_keys.node = name LEFT JOIN nodes ON nodes.id = name
            LEFT JOIN node_intervals AS begun ON begun.node = name AND begun.to_at IS NULL LEFT JOIN check_ins ON check_ins.node = name
        ORDER BY check_ins.id DESC
        """,
        new { node }, transaction)];

    // Each row is written once: its indexes and what counts it cost as much as the row.
    private void Write(
        CheckIn report, string json, CheckInSignature? signature, NodeStanding standing, string? fleet, long lastWindow, Known[] reports)
    {
        string node = report.Node;
        string body = signature?.Body ?? json;
        long latest = Encoding.UTF8.GetByteCount(body)
            + (signature is null ? 0 : signature.Target.Length + signature.Input.Length + signature.Text.Length);
        (long history, long? oldestKept) = FindCut(reports, latest);
        connection.Defer(
            """
            INSERT INTO nodes (
                id, check_in, first_seen_at, seen_at, standing, signed, bytes, fleet, last_window,
                channel, release, stale, quarantined, refusing, models)
            VALUES (
                @node, @json, @now, @now, @standing, @signed, @bytes, @fleet, @lastWindow,
                @Channel, @Release, @Stale, @quarantined, @refusing, @models)
            ON CONFLICT (id) DO UPDATE SET
                check_in = excluded.check_in, seen_at = excluded.seen_at, standing = excluded.standing, signed = excluded.signed,
                bytes = excluded.bytes, fleet = coalesce(excluded.fleet, nodes.fleet), last_window = excluded.last_window,
                channel = excluded.channel, release = excluded.release, stale = excluded.stale, quarantined = excluded.quarantined,
                refusing = excluded.refusing, models = excluded.models
            """,
            new
            {
                node,
                json,
                now,
                standing = (int)standing,
                signed = signature is not null,
                bytes = history + latest,
                fleet,
                lastWindow,
                report.Channel,
                report.Release,
                report.Stale,
                quarantined = report.Quarantine.Count > 0,
                refusing = report.Refusals.Count > 0,
                models = NodeVersion.ToJson(report.Models),
            },
            transaction);
        if (oldestKept is not null)
        {
            connection.Defer("DELETE FROM check_ins WHERE node = @node AND id < @oldestKept", new { node, oldestKept }, transaction);
        }

        connection.Defer(
            """
            INSERT INTO check_ins (node, check_in, seen_at, target, signature_input, signature, bytes)
            VALUES (@node, @body, @now, @Target, @Input, @Text, @latest)
            """,
            new { node, body, now, signature?.Target, signature?.Input, signature?.Text, latest }, transaction);
        if (signature is not null)
        {
            connection.Defer("UPDATE node_keys SET last_sequence = @Sequence WHERE node = @node", new { node, report.Sequence }, transaction);
        }
    }

    /// <returns>False when every place is taken by a node that makes no room for one of this standing.</returns>
    private bool MakeRoom(string node, NodeStanding standing)
    {
        RemoveForgotten();
        return (Count.Nodes ??= connection.ExecuteScalar<long>("SELECT count(*) FROM nodes", transaction: transaction)) < limits.Nodes
            || RemoveLeastKnown(node, standing == NodeStanding.Enrolled ? NodeStanding.Enrolled : NodeStanding.Established);
    }

    // The key stays: who reports without one may take the place of a report, and never of an enrollment.
    private bool RemoveReports(string node)
    {
        Count.Nodes = null;
        return connection.Execute(
            "DELETE FROM check_ins WHERE node = @node; DELETE FROM nodes WHERE id = @node", new { node }, transaction) > 0;
    }

    private void RemoveForgotten() =>
        RemoveUnseen(now - (long)NodeLimits.ForgottenAfter.TotalMilliseconds, NodeStanding.Returned);

    /// <summary>Removes the node of the lowest standing that has been silent for longest.</summary>
    /// <param name="spared">The lowest standing of nodes that stay.</param>
    private bool RemoveLeastKnown(string except, NodeStanding spared) =>
        connection.QueryFirstOrDefault<string>(
            $"SELECT id FROM nodes WHERE standing < @spared AND {MakesRoom} AND id <> @except ORDER BY standing, seen_at LIMIT 1",
            new { spared = (int)spared, except }, transaction) is { } node && RemoveReports(node);

    private void LimitBytesOfOthers(string except)
    {
        while (connection.ExecuteScalar<long>(
            $"SELECT coalesce(sum(bytes), 0) FROM nodes WHERE standing < @Established AND {MakesRoom}",
            new { Established = (int)NodeStanding.Established }, transaction) > limits.BytesOfOthers
            && RemoveLeastKnown(except, NodeStanding.Established))
        {
            // The next one, until the rest is within the limit.
        }
    }

    /// <summary>What the history of a node has with one more report, and the first report that stays; null where all stay.</summary>
    private (long Bytes, long? OldestKept) FindCut(Known[] reports, long latest)
    {
        long total = latest;
        long? oldestKept = null;
        int kept = 1;
        foreach ((long id, long bytes) in reports.Where(known => known.Report > 0).Select(known => (known.Report, known.ReportBytes)))
        {
            if (kept == NodeLimits.History || total + bytes > limits.HistoryBytes)
            {
                return (total, oldestKept ?? long.MaxValue);
            }

            (total, oldestKept, kept) = (total + bytes, id, kept + 1);
        }

        return (total, null);
    }

    private static NodeStanding Max(NodeStanding one, NodeStanding other) => one > other ? one : other;

    /// <summary>The nodes in the state that a transaction sees.</summary>
    private sealed class NodeCount : ISharedWork
    {
        /// <summary>Null where they are to be counted.</summary>
        public long? Nodes { get; set; }

        public void Write(DbConnection connection, DbTransaction transaction)
        {
        }
    }

    /// <summary>What is known of a node before its report.</summary>
    private sealed record Known
    {
        /// <summary>Of the node's key; null for a node that has not enrolled.</summary>
        public string? Identity { get; init; }

        public long LastSequence { get; init; }

        /// <summary>Null for a node that never reported.</summary>
        public long? FirstSeenAt { get; init; }

        public long Standing { get; init; }

        public long LastWindow { get; init; }

        public bool IsBanned { get; init; }

        /// <summary>Of the interval that goes on; null where none does.</summary>
        public string? State { get; init; }

        public long FromAt { get; init; }

        public long SeenAt { get; init; }

        /// <summary>The number of a report that is kept; 0 where there is none.</summary>
        public long Report { get; init; }

        public long ReportBytes { get; init; }

        public OpenInterval? Open => State is null ? null : new(State, FromAt, SeenAt);
    }
}
