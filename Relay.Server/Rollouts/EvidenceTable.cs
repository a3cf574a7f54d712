using System.Data.Common;
using System.Text.Json;
using Dapper;
using Relay.Server.Rollouts.Evidence;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Rollouts;

/// <summary>The counts and the nodes of a rollout, inside one transaction.</summary>
internal sealed class EvidenceTable(DbConnection connection, DbTransaction? transaction, long rollout)
{
    // No metric can have this name.
    private const string Uncounted = "(uncounted)";

    public NodeEvidence? FindNode(string node) => connection
        .Query<(long? RanSince, string Usage, string Facts)>(
            "SELECT ran_since, usage, facts FROM rollout_nodes WHERE rollout = @rollout AND node = @node", new { rollout, node }, transaction)
        .Select(row => new NodeEvidence(row.RanSince, ReadTally(row.Usage), ReadTally(row.Facts)))
        .SingleOrDefault();

    /// <summary>True for a node whose present key is younger than an instant in milliseconds since 1970.</summary>
    public bool HasEnrolledSince(string node, long instant) => connection.ExecuteScalar<bool>(
        "SELECT EXISTS (SELECT 1 FROM node_keys WHERE node = @node AND enrolled_at > @instant)", new { node, instant }, transaction);

    public void StoreNode(string node, Arm? arm, RolloutNodeStanding standing, NodeEvidence evidence, long now) => connection.Execute(
        """
        INSERT INTO rollout_nodes (rollout, node, arm, standing, seen_at, ran_since, usage, facts)
        VALUES (@rollout, @node, @Arm, @Standing, @now, @RanSince, @Usage, @Facts)
        ON CONFLICT (rollout, node) DO UPDATE SET arm = excluded.arm, standing = excluded.standing, seen_at = excluded.seen_at,
            ran_since = excluded.ran_since, usage = excluded.usage, facts = excluded.facts
        """,
        new
        {
            rollout,
            node,
            Arm = arm?.ToString(),
            Standing = standing.ToString(),
            now,
            evidence.RanSince,
            Usage = JsonSerializer.Serialize(evidence.Usage, RolloutJson.Default.NodeTally),
            Facts = JsonSerializer.Serialize(evidence.Facts, RolloutJson.Default.NodeTally),
        },
        transaction);

    /// <summary>Takes a node out of all rollouts.</summary>
    public static void SetApart(DbConnection connection, DbTransaction transaction, string node) => connection.Execute(
        "UPDATE rollout_nodes SET arm = NULL, standing = @Apart WHERE node = @node",
        new { node, Apart = nameof(RolloutNodeStanding.Apart) }, transaction);

    public void Count(int round, string metric, Arm arm, int bin, long nodes = 1) => connection.Execute(
        """
        INSERT INTO rollout_evidence (rollout, round, metric, arm, bin, nodes) VALUES (@rollout, @round, @metric, @Arm, @bin, @nodes)
        ON CONFLICT (rollout, round, metric, arm, bin) DO UPDATE SET nodes = rollout_evidence.nodes + excluded.nodes
        """,
        new { rollout, round, metric, Arm = arm.ToString(), bin, nodes },
        transaction);

    /// <summary>Counts a report that could not be counted as evidence.</summary>
    /// <returns>True for the first one of the round.</returns>
    public bool CountUncounted(int round)
    {
        bool isFirst = !HasCounts(round, Uncounted);
        Count(round, Uncounted, Arm.Candidate, bin: 0);
        return isFirst;
    }

    /// <summary>The counts of the rounds from one on, by round.</summary>
    public IReadOnlyList<RoundEvidence> Read(int fromRound) =>
    [
        .. connection
            .Query<(int Round, string Metric, string Arm, int Bin, long Nodes)>(
                "SELECT round, metric, arm, bin, nodes FROM rollout_evidence WHERE rollout = @rollout AND round >= @fromRound",
                new { rollout, fromRound }, transaction)
            .GroupBy(row => row.Round)
            .OrderBy(round => round.Key)
            .Select(round => new RoundEvidence(
                round.Key,
                round
                    .Where(row => row.Metric != Uncounted)
                    .GroupBy(row => row.Metric)
                    .ToDictionary(
                        metric => metric.Key,
                        metric => new ArmCounts(
                            BinCounts.From(metric.Where(row => row.Arm == nameof(Arm.Candidate)).Select(row => (row.Bin, row.Nodes))),
                            BinCounts.From(metric.Where(row => row.Arm == nameof(Arm.Control)).Select(row => (row.Bin, row.Nodes)))),
                        StringComparer.Ordinal),
                round.Where(row => row.Metric == Uncounted).Sum(row => row.Nodes))),
    ];

    /// <summary>The nodes that run the release of their arm, with the time of their last report.</summary>
    public IEnumerable<(string Node, long SeenAt, long? RanSince)> ListRunning() => connection.Query<(string, long, long?)>(
        "SELECT node, seen_at, ran_since FROM rollout_nodes WHERE rollout = @rollout AND standing = @Runs",
        new { rollout, Runs = nameof(RolloutNodeStanding.Runs) }, transaction, buffered: false);

    /// <summary>The number of nodes by standing.</summary>
    public IReadOnlyDictionary<string, long> CountStandings() => connection
        .Query<(string Standing, long Nodes)>(
            "SELECT standing, count(*) FROM rollout_nodes WHERE rollout = @rollout GROUP BY standing", new { rollout }, transaction)
        .ToDictionary(row => row.Standing, row => row.Nodes, StringComparer.Ordinal);

    /// <summary>Nodes that do not simply run a release of the rollout, those that refuse the candidate first.</summary>
    public IReadOnlyList<RolloutNodeView> ListNotable(int limit) =>
    [
        .. new[] { RolloutNodeStanding.Quarantined, RolloutNodeStanding.Refused, RolloutNodeStanding.Apart }
            .SelectMany(standing => connection.Query<(string Node, string? Arm, string Standing, long SeenAt)>(
                "SELECT node, arm, standing, seen_at FROM rollout_nodes WHERE rollout = @rollout AND standing = @Standing ORDER BY node LIMIT @limit",
                new { rollout, Standing = standing.ToString(), limit }, transaction))
            .Take(limit)
            .Select(row => new RolloutNodeView(row.Node, row.Arm, row.Standing, Instant.FromMilliseconds(row.SeenAt))),
    ];

    public bool HasCounts(int round, string metric) => connection.ExecuteScalar<bool>(
        "SELECT EXISTS (SELECT 1 FROM rollout_evidence WHERE rollout = @rollout AND round = @round AND metric = @metric)",
        new { rollout, round, metric }, transaction);

    private static NodeTally ReadTally(string json) => JsonSerializer.Deserialize(json, RolloutJson.Default.NodeTally)!;
}

/// <summary>What the relay keeps of one node of a rollout.</summary>
/// <param name="RanSince">When the relay first saw that it runs the candidate, in milliseconds since 1970; null before.</param>
/// <param name="Usage">Of its usage windows, whose ids are the starts of the windows.</param>
/// <param name="Facts">Of its states, whose ids are the sequence numbers of its reports.</param>
internal sealed record NodeEvidence(long? RanSince, NodeTally Usage, NodeTally Facts)
{
    public static readonly NodeEvidence Empty = new(null, NodeTally.Empty, NodeTally.Empty);
}
