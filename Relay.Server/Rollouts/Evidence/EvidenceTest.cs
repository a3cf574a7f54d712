namespace Relay.Server.Rollouts.Evidence;

/// <summary>Compares the candidate arm with the control arm. Pure: the same counts give the same verdict, whatever the order of the reports and
/// however often one looks. ADR 26 has the proof that the error rates hold.</summary>
internal static class EvidenceTest
{
    /// <summary>The verdict of one round. It takes microseconds per metric, at any number of nodes.</summary>
    /// <param name="passRank">The place of the round among those that may pass the stage, from 1: a later one needs more evidence to pass.</param>
    /// <param name="hasControl">False in a stage that has the whole fleet: there, only thresholds fail, and metrics need nodes to pass.</param>
    public static RoundVerdict Evaluate(EvidenceRule rule, RoundEvidence evidence, int passRank = 1, bool hasControl = true)
    {
        MetricVerdict[] metrics = [.. rule.Metrics.Select(metric => hasControl
            ? Compare(rule, metric, evidence.Round, passRank, CountsOf(evidence, metric.Name))
            : CheckPresence(rule, metric, CountsOf(evidence, metric.Name)))];
        ThresholdVerdict[] thresholds = [.. rule.Thresholds.Select(threshold => Check(
            rule, threshold, rule.Metrics.Single(metric => metric.Name == threshold.Metric).Cap, CountsOf(evidence, threshold.Metric).Candidate))];
        Verdict[] deciding =
            [.. metrics.Where(metric => !metric.Watch).Select(metric => metric.Verdict), .. thresholds.Select(threshold => threshold.Verdict)];
        Verdict verdict = Combine(deciding);
        return new(
            evidence.Round,
            passRank,
            verdict == Verdict.Pass && evidence.Uncounted > 0 ? Verdict.NotYet : verdict,
            metrics,
            thresholds,
            evidence.Uncounted);
    }

    /// <summary>The verdict of a stage: one failed round fails it, and one passed round passes it. A round that was judged for an earlier place than
    /// it has does not pass it before it is judged again.</summary>
    /// <param name="passFrom">The first round that may pass the stage.</param>
    public static Verdict Combine(IReadOnlyList<RoundVerdict> rounds, int passFrom) =>
        rounds.Any(round => round.Verdict == Verdict.Fail) ? Verdict.Fail
        : rounds.Any(round => round.Verdict == Verdict.Pass && round.Round >= passFrom && round.PassRank > round.Round - passFrom) ? Verdict.Pass
        : rounds.All(round => round.Verdict == Verdict.NoData) ? Verdict.NoData
        : Verdict.NotYet;

    // All have to pass, one is enough to fail.
    private static Verdict Combine(IReadOnlyList<Verdict> verdicts) =>
        verdicts.Contains(Verdict.Fail) ? Verdict.Fail
        : verdicts.All(verdict => verdict == Verdict.Pass) ? Verdict.Pass
        : verdicts.All(verdict => verdict == Verdict.NoData) ? Verdict.NoData
        : Verdict.NotYet;

    private static MetricVerdict Compare(EvidenceRule rule, MetricRule metric, int round, int passRank, ArmCounts counts)
    {
        // All metrics have to pass, so that each may pass on the whole error; any of them can fail, so that they share it.
        double passError = rule.ErrorOf(passRank);
        double failError = rule.ErrorOf(round) / rule.Metrics.Count(other => !other.Watch);
        bool hasData = counts.Candidate.Nodes > 0 && counts.Control.Nodes > 0;
        IReadOnlyList<ArmComparison> harm = hasData ? ArmComparison.CreateForHarm(counts, metric, failError, rule.Tolerated) : [];
        IReadOnlyList<ArmComparison> pass = hasData ? ArmComparison.CreateForPass(counts, metric, passError, rule.Tolerated) : [];
        Verdict verdict =
            !hasData ? Verdict.NoData
            : harm.Any(comparison => comparison.IsShown) ? Verdict.Fail
            : HasMinNodes(rule, counts.Candidate) && HasMinNodes(rule, counts.Control) && pass.All(comparison => comparison.IsShown) ? Verdict.Pass
            : Verdict.NotYet;
        return new(
            metric.Name,
            metric.Watch,
            verdict,
            Summarize(counts.Candidate, metric.Cap, failError),
            Summarize(counts.Control, metric.Cap, failError),
            verdict == Verdict.NotYet ? EstimateMoreNodes(rule, harm, pass, counts.Candidate.Nodes) : null);
    }

    private static MetricVerdict CheckPresence(EvidenceRule rule, MetricRule metric, ArmCounts counts)
    {
        Verdict verdict = counts.Candidate.Nodes == 0 ? Verdict.NoData : HasMinNodes(rule, counts.Candidate) ? Verdict.Pass : Verdict.NotYet;
        return new(
            metric.Name,
            metric.Watch,
            verdict,
            Summarize(counts.Candidate, metric.Cap, rule.Alpha),
            Summarize(BinCounts.Empty, metric.Cap, rule.Alpha),
            verdict == Verdict.NotYet ? rule.MinNodes + rule.Tolerated - counts.Candidate.Nodes : null);
    }

    // With `tolerated` nodes anything else, the true reports have to give the same answer.
    private static ThresholdVerdict Check(EvidenceRule rule, ThresholdRule threshold, double cap, BinCounts candidate)
    {
        long count = candidate.CountAbove(threshold.Above / cap);
        long fewest = count - rule.Tolerated;
        long most = count + rule.Tolerated;
        Verdict verdict =
            candidate.Nodes == 0 ? Verdict.NoData
            : fewest >= threshold.MinCount && fewest > threshold.Share * (candidate.Nodes + rule.Tolerated) ? Verdict.Fail
            : most < threshold.MinCount || most <= threshold.Share * (candidate.Nodes - rule.Tolerated) ? Verdict.Pass
            : Verdict.NotYet;
        return new(threshold.Metric, verdict, count, candidate.Nodes);
    }

    private static long? EstimateMoreNodes(EvidenceRule rule, IReadOnlyList<ArmComparison> harm, IReadOnlyList<ArmComparison> pass, long nodes)
    {
        double toPass = pass.Max(comparison => comparison.NodesNeeded);
        double needed = double.IsFinite(toPass) ? Math.Max(toPass, rule.MinNodes + rule.Tolerated) : harm.Min(comparison => comparison.NodesNeeded);
        return needed < 1e9 ? Math.Max(1, (long)Math.Ceiling(needed) - nodes) : null;
    }

    private static bool HasMinNodes(EvidenceRule rule, BinCounts counts) => counts.Nodes - rule.Tolerated >= rule.MinNodes;

    private static ArmCounts CountsOf(RoundEvidence evidence, string metric) => evidence.Metrics.GetValueOrDefault(metric) ?? ArmCounts.Empty;

    private static ArmSummary Summarize(BinCounts counts, double cap, double error) => counts.Nodes == 0
        ? new(0, 0, 0, cap)
        : new(
            counts.Nodes,
            counts.Mean * cap,
            (1 - BettingTest.UpperBound(counts.Mirror(), error / 2, tolerated: 0)) * cap,
            BettingTest.UpperBound(counts, error / 2, tolerated: 0) * cap);
}
