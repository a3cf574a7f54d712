using Relay.Training.Evaluation;
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
        double theirs = 0;
        double[] rises = new double[incumbent.Rows.Length];
        for (int i = 0; i < rises.Length; i++)
        {
            int row = incumbent.Rows[i];
            double before = Square((double)incumbent.HeldOut.Values[i] - truth[row]);
            rises[i] = Square((double)context.Candidate!.Answers.Values[row] - truth[row]) - before;
            theirs += before / rises.Length;
        }

        (double mean, GateInterval interval) = Proportions.Mean(rises);
        if (!(theirs > 0) || !double.IsFinite(mean) || !double.IsFinite(interval.High))
        {
            return this.NotApplicable(
                $"version {incumbent.Card.Version} has an error of {GateVerdicts.Number(theirs)} on these rows, which has no share");
        }

        string found =
            $"RMSE {GateVerdicts.Number(Math.Sqrt(theirs + mean))} against {GateVerdicts.Number(Math.Sqrt(theirs))} of version " +
                $"{incumbent.Card.Version} on the same "
            + $"{rises.Length} rows, a rise of the squared error of {GateVerdicts.Percent(mean / theirs)} "
            + $"(95%: {GateVerdicts.Percent(interval.Low / theirs)} to {GateVerdicts.Percent(interval.High / theirs)})";
        return JudgeFall(context, mean / theirs, found, new GateInterval(interval.Low / theirs, interval.High / theirs));
    }

    private static double Square(double value) => value * value;
}
