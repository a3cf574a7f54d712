using Relay.Training.Evaluation;
using Relay.Training.Export;
using Relay.Training.Gates.Statistics;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Quality;

/// <summary>Fails where a model that was searched for a budget loses more than the budget allows against the full model on the held-out rows, and
/// not by chance: the search itself never sees them.</summary>
internal sealed class BudgetLossGate : IGate
{
    public string Name => "budget-loss";

    public GateBounds Defaults { get; } = new() { Fail = 100 };

    public double? BoundOf(BudgetSpec budget) => budget.MaxQualityLoss;

    public GateResult Check(GateContext context)
    {
        if (context.FullAnswers is not { } full)
        {
            return this.NotApplicable(
                context.Spec.Budget is null ? "the spec has no budget" : "an import is not searched for a budget: there is no full model");
        }

        if (Measure(context, full) is not { } loss)
        {
            return this.NotApplicable("the held-out rows have no labels of both kinds");
        }

        string figure = context.Candidate!.Metrics.Figures[0].Name;
        GateResult result = this.JudgeMaximum(
            context, loss.Points,
            $"{figure} {GateVerdicts.Number(loss.Quality)} against {GateVerdicts.Number(loss.Full)} of the full model on the held-out rows, "
            + $"a loss of {GateVerdicts.Number(loss.Points)} points "
            + $"(95%: {GateVerdicts.Number(loss.Interval.Low)} to {GateVerdicts.Number(loss.Interval.High)})",
            loss.Interval);
        return result.Advise($"{GateVerdicts.Number(result.Bound!.Value)} are allowed: " + (result.Verdict is GateVerdict.Fail
            ? "give a smaller budget.maxQualityLoss, train with rows like the held-out ones, or accept the gate with a reason"
            : "the rows are too few to tell it from noise: hold out more of them"));
    }

    private static LossEstimate? Measure(GateContext context, Predictions full)
    {
        Predictions small = context.Candidate!.Answers;
        switch (context.Spec.Task)
        {
            case ModelTask.Classification:
                // A bootstrap, because the delta method of the search gives few rows of a class no variance where one of the models is always right.
                (double ofFull, double ofSmall, GateInterval fall) = MacroF1Bootstrap.Compare(
                    context.Data.Test.Labels, full.Labels, small.Labels, context.Data.Test.Classes.Count);
                return new LossEstimate(
                    ofFull, ofSmall, 100 * (ofFull - ofSmall), new GateInterval(100 * fall.Low, 100 * fall.High));

            case ModelTask.Regression:
                ErrorLoss errors = default;
                for (int row = 0; row < small.RowCount; row++)
                {
                    errors = errors.Add(context.Data.Test.Targets![row], full.Values[row], small.Values[row]);
                }

                return errors.Measure();

            default:
                return context.Data.Test.Classes.Count == 0 ? null : AucLoss.Measure(
                    Array.ConvertAll(context.Data.Test.Labels, label => label == 1), Inverse(full.Values), Inverse(small.Values));
        }
    }

    // A lower score means more anomalous.
    private static float[] Inverse(float[] scores) => Array.ConvertAll(scores, score => -score);
}
