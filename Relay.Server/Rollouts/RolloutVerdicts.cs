using System.Collections.Concurrent;
using System.Data.Common;
using Relay.Server.Rollouts.Evidence;
using Relay.Server.Rollouts.Planning;
using Relay.Server.Storage;

namespace Relay.Server.Rollouts;

/// <summary>The verdicts of the rounds of a rollout's stage. The counts of a round that is over do not change any more, so that its verdict is
/// kept.</summary>
internal sealed class RolloutVerdicts(RelayDatabase database, EvidenceGaps gaps, ListeningTime listening)
{
    // A report that arrived at the end of a round may be committed a moment later.
    private const int OpenRounds = 2;

    // By the round from which on a round may pass, too: a verdict depends on it.
    private readonly ConcurrentDictionary<(long Rollout, int Round, int PassFrom), RoundVerdict> _known = new();

    /// <summary>The verdicts from the stage's first round to the present one. Rounds without a report have none.</summary>
    public IReadOnlyList<RoundVerdict> Evaluate(Rollout rollout, DateTimeOffset now)
    {
        RolloutRule rule = rollout.ReadRule();
        RolloutState state = rollout.ReadState();
        int present = RolloutClock.RoundAt(rule, state, now);
        List<RoundVerdict> verdicts = [];
        int open = state.FirstRound;
        while (open <= present - OpenRounds && _known.TryGetValue((rollout.Id, open, state.PassFrom), out RoundVerdict? known))
        {
            verdicts.Add(known);
            open++;
        }

        using DbConnection connection = database.Open();
        Dictionary<int, RoundEvidence> evidence = new EvidenceTable(connection, null, rollout.Id).Read(open).ToDictionary(round => round.Round);
        for (int round = open; round <= present; round++)
        {
            RoundEvidence counts = evidence.GetValueOrDefault(round) ?? new RoundEvidence(round, new Dictionary<string, ArmCounts>());
            RoundVerdict verdict = RolloutPlanner.Evaluate(
                rule, state, counts.Uncounted == 0 && gaps.Contains(rollout.Id, round) ? counts with { Uncounted = 1 } : counts);
            verdicts.Add(verdict);
            if (round <= present - OpenRounds)
            {
                _known[(rollout.Id, round, state.PassFrom)] = verdict;
            }
        }

        return verdicts;
    }

    public void Forget(long rollout)
    {
        foreach ((long Rollout, int Round, int PassFrom) key in _known.Keys.Where(key => key.Rollout == rollout))
        {
            _known.TryRemove(key, out _);
        }

        gaps.Forget(rollout);
    }

    /// <summary>Counts the silent nodes of the round before the present one, once: whether a node was silent is known when the round is over. A round
    /// in which the relay did not listen all the time, or its clock was set, has no silence to count,
    /// and does not pass where silence decides.</summary>
    public void CountSilent(Rollout rollout, DateTimeOffset now)
    {
        DateTimeOffset since = listening.Since(now);
        RolloutRule rule = rollout.ReadRule();
        RolloutState state = rollout.ReadState();
        int round = RolloutClock.RoundAt(rule, state, now) - 1;
        string[] metrics = [.. rule.Evidence.Metrics.Where(metric => metric.Kind == MetricKind.Silent).Select(metric => metric.Name)];
        if (metrics.Length == 0 || round < state.FirstRound || _known.ContainsKey((rollout.Id, round, state.PassFrom)))
        {
            return;
        }

        long start = RolloutClock.StartOf(rule, state, round, now).ToUnixTimeMilliseconds();
        if (start < since.ToUnixTimeMilliseconds())
        {
            return;
        }

        // What is later than now was before the clock was set back.
        long present = now.ToUnixTimeMilliseconds();
        _ = database.Write((connection, transaction) =>
        {
            EvidenceTable table = new(connection, transaction, rollout.Id);
            if (metrics.All(metric => table.HasCounts(round, metric)))
            {
                return false;
            }

            var counts = table.ListRunning()
                .Select(node => (Arm: ArmAssignment.Find(node.Node, rollout.Salt, rollout.Percentage, state.StageOf(rule).Percentage), node.SeenAt,
                    node.RanSince))
                .Where(node => node.Arm == Arm.Control || (node.Arm == Arm.Candidate && (node.RanSince < start || node.RanSince > present)))
                .GroupBy(node => (Arm: node.Arm!.Value, IsSilent: node.SeenAt < start || node.SeenAt > present))
                .Select(group => (group.Key.Arm, group.Key.IsSilent, Nodes: group.LongCount()))
                .ToList();
            foreach ((Arm arm, bool isSilent, long nodes) in counts)
            {
                foreach (string metric in metrics)
                {
                    table.Count(round, metric, arm, isSilent ? BinCounts.Steps : 0, nodes);
                }
            }

            return true;
        });
    }
}
