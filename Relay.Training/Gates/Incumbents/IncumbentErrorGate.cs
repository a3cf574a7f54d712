using Relay.Training.Gates.Statistics;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Incumbents;

/// <summary>Fails where the mean squared error of a regression is above the incumbent's by more than a share of it, and not by chance.</summary>
internal sealed class IncumbentErrorGate() : IncumbentGate("incumbent-error", new GateBounds { Fail = 0.1 })
{
    protected override string? FindReason(ModelTask task, GateContext context) =>
        task is ModelTask.Regression ? null : $"the task {task} predicts no numbers to learn";

    protected override GateResult Compare(GateContext context, IncumbentScores incumbent)
    {
        float[] truth = context.Data.Test.Targets!;
        (double theirs, double rise, GateInterval interval) = MeanRise.Measure(
            [.. incumbent.Rows.Select((row, i) => Square((double)incumbent.HeldOut.Values[i] - truth[row]))],
            [.. incumbent.Rows.Select(row => Square((double)context.Candidate!.Answers.Values[row] - truth[row]))],
            floor: 0);
        if (!(theirs > 0) || !double.IsFinite(rise) || !double.IsFinite(interval.High))
        {
            return this.NotApplicable(
                $"version {incumbent.Card.Version} has an error of {GateVerdicts.Number(theirs)} on these rows, which has no share");
        }

        string found =
            $"RMSE {GateVerdicts.Number(Math.Sqrt(theirs * (1 + rise)))} against {GateVerdicts.Number(Math.Sqrt(theirs))} of version " +
                $"{incumbent.Card.Version} on the same "
            + $"{incumbent.Rows.Length} rows, a rise of the squared error of {GateVerdicts.Percent(rise)} "
            + $"(95%: {GateVerdicts.Percent(interval.Low)} to {GateVerdicts.Percent(interval.High)})";
        return JudgeFall(context, rise, found, interval);
    }

    private static double Square(double value) => value * value;
}
