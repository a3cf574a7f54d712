using Relay.Training.Export;
using Relay.Training.Gates.Statistics;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Incumbents;

/// <summary>Fails where log-loss is above the incumbent's by more than a share of it, and not by chance: false labels in the training rows
/// move it long before they move macro-F1.</summary>
internal sealed class IncumbentLogLossGate() : IncumbentGate("incumbent-log-loss", new GateBounds { Fail = 0.5 })
{
    /// <summary>A log-loss below this, in nats, counts as this: a rise from almost nothing to almost nothing is no rise.</summary>
    public const double Floor = 0.01;

    private const double MinProbability = 1e-15;

    protected override string? FindReason(ModelTask task, GateContext context) =>
        task is ModelTask.Classification ? null : $"the task {task} has no probabilities";

    protected override GateResult Compare(GateContext context, IncumbentScores incumbent)
    {
        int[] ofClass = InverseOf(incumbent.MapClasses(context.Candidate!.Model.Schema.Classes), context.Candidate.Model.Schema.Classes.Count);
        int[] truth = [.. incumbent.Rows.Select(row => context.Data.Test.Labels[row])];
        int[] known = [.. Enumerable.Range(0, truth.Length).Where(i => ofClass[truth[i]] >= 0)];
        if (known.Length == 0)
        {
            return this.NotApplicable($"no held-out row has a class that version {incumbent.Card.Version} knows");
        }

        (double theirs, double rise, GateInterval interval) = MeanRise.Measure(
            [.. known.Select(row => Loss(incumbent.HeldOut, row, ofClass[truth[row]]))],
            [.. known.Select(row => Loss(context.Candidate.Answers, incumbent.Rows[row], truth[row]))],
            Floor);
        double ours = theirs + (rise * Math.Max(theirs, Floor));
        string found =
            $"log-loss {GateVerdicts.Number(ours)} against {GateVerdicts.Number(theirs)} of version {incumbent.Card.Version} on " +
                $"the same {known.Length} rows, "
            + $"a rise of {GateVerdicts.Percent(rise)} of it (95%: {GateVerdicts.Percent(interval.Low)} to " +
                $"{GateVerdicts.Percent(interval.High)})";
        return JudgeFall(context, rise, found, interval);
    }

    // No answer, which an imported model may have to a missing value, is as wrong as can be.
    private static double Loss(Predictions answers, int row, int label) =>
        -Math.Log(double.MaxNumber(MinProbability, Math.Min(1, (double)answers.Row(row)[label])));

    private static int[] InverseOf(int[] map, int classes)
    {
        int[] inverse = new int[classes];
        inverse.AsSpan().Fill(-1);
        for (int i = 0; i < map.Length; i++)
        {
            if (map[i] >= 0)
            {
                inverse[map[i]] = i;
            }
        }

        return inverse;
    }
}
