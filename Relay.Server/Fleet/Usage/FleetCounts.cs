using System.Data.Common;
using Dapper;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet.Usage;

/// <summary>Reads the counts that the database keeps of the fleet, inside one transaction. No query reads nodes or their reports.</summary>
internal sealed class FleetCounts(DbConnection connection, DbTransaction transaction)
{
    private const double MaximumSum = 9.2e18;

    /// <summary>The text of a sum that does not fail beyond 64 bits, but loses digits.</summary>
    public static string SumOf(string column) => $"coalesce(sum(CAST({column} AS DOUBLE PRECISION)), 0.0)";

    /// <summary>What such a sum counts as.</summary>
    public static long Limit(double sum) => (long)Math.Min(sum, MaximumSum);

    /// <summary>The nodes by channel, release and standing.</summary>
    public IReadOnlyList<NodeCount> ReadNodes() => [.. connection
        .Query<(string Channel, long Release, long Standing, long Nodes, long Stale, long Quarantined)>(
            "SELECT channel, release, standing, nodes, stale, quarantined FROM fleet_counts", transaction: transaction)
        .Select(row => new NodeCount(row.Channel, (int)row.Release, (NodeStanding)row.Standing, row.Nodes, row.Stale, row.Quarantined))];

    /// <summary>The nodes that have not reported for <see cref="FleetView.SilentMinutes"/>, without banned ones.</summary>
    public long CountSilent(DateTimeOffset now) => connection.ExecuteScalar<long>(
        "SELECT coalesce(sum(nodes), 0) FROM nodes_seen WHERE slot < @last",
        new { last = NodesSeenSchema.SlotOf(now.AddMinutes(-FleetView.SilentMinutes)) }, transaction);

    /// <summary>The refusals that nodes reported, by reason, the most frequent first.</summary>
    /// <param name="hours">The hours to add up, the current one included.</param>
    public IReadOnlyList<FleetRefusals> ReadRefusals(DateTimeOffset now, int hours) => [.. connection
        .Query<(string Reason, double Count)>(
            $"""
            SELECT reason, {SumOf("refusals")} AS of_reason FROM refusal_hours WHERE hour > @since
            GROUP BY reason ORDER BY of_reason DESC, reason
            """, new { since = UsageTable.HourOf(now.ToUnixTimeMilliseconds()) - hours }, transaction)
        .Select(row => new FleetRefusals(row.Reason, Limit(row.Count)))];
}

/// <summary>Nodes of one channel, release and standing, by their latest reports.</summary>
/// <param name="Channel">Empty for channels that the relay did not have.</param>
/// <param name="Release">Negative for releases that the relay did not have; 0 for none.</param>
internal sealed record NodeCount(string Channel, int Release, NodeStanding Standing, long Nodes, long Stale, long Quarantined);
