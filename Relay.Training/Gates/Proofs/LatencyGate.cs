using Relay.Training.Packaging;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Proofs;

/// <summary>Fails where one row takes longer than the budget on the scorer that will run; without one, longer than nodes allow by default. The
/// figure depends on this machine and its load: it is the only one that cannot be computed again.</summary>
internal sealed class LatencyGate : IGate
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    public string Name => "latency";

    public GateBounds Defaults { get; } = new() { Fail = 50_000 };

    public bool IsOfMachine => true;

    public double? BoundOf(BudgetSpec budget) => budget.MaxMicroseconds;

    public GateResult Check(GateContext context)
    {
        Candidate candidate = context.Candidate!;
        using GoldenScorer scorer = GoldenScorer.Open(candidate.Artifact, candidate.Golden, candidate.Model.Schema);
        double median = LatencyMeter.Measure(scorer, candidate.Golden.Rows, MaxTime);
        GateResult result = this.JudgeMaximum(context, median, $"the median row takes {GateVerdicts.Number(median)} microseconds in {scorer.Name}");
        return result.Advise($"{GateVerdicts.Number(result.Bound!.Value)} are allowed: train fewer or shallower trees");
    }
}
