using Relay.Training.Evaluation;
using Relay.Training.Gates.Statistics;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Incumbents;

/// <summary>Fails where the labels of the training rows contradict the incumbent far more often than it was wrong when it was made: flipped
/// labels look like this, and so does a world that changed.</summary>
internal sealed class LabelDisagreementGate() : IncumbentGate("label-disagreement", new GateBounds { Warn = 0.01, Fail = 0.03 })
{
    protected override string? FindReason(ModelTask task, GateContext context) =>
        task is ModelTask.Classification ? null : $"the task {task} learns no classes";

    protected override GateResult Compare(GateContext context, IncumbentScores incumbent)
    {
        int[] labels = context.Data.Facts.Sample.Labels;
        int[] classes = incumbent.MapClasses(context.Data.Classes);
        bool[] known = [.. context.Data.Classes.Select(name => incumbent.Card.Schema.Classes.Contains(name, StringComparer.Ordinal))];
        long rows = 0;
        long contradicted = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            // A class that it never learned is new, and no contradiction.
            rows += known[labels[row]] ? 1 : 0;
            contradicted += known[labels[row]] && classes[incumbent.Sample.Labels[row]] != labels[row] ? 1 : 0;
        }

        if (rows == 0)
        {
            return this.NotApplicable($"no training row has a class that version {incumbent.Card.Version} knows");
        }

        double expected = incumbent.Card.Metrics is ClassificationMetrics metrics ? 1 - metrics.Accuracy : 0;
        GateInterval share = Proportions.Wilson(contradicted, rows);
        double excess = ((double)contradicted / rows) - expected;
        string found =
            $"version {incumbent.Card.Version} contradicts {GateVerdicts.Percent((double)contradicted / rows)} of {rows} training labels, "
            + $"and was wrong on {GateVerdicts.Percent(expected)} of its held-out rows";
        return this.JudgeMaximum(
            context, Math.Max(0, excess), found, new GateInterval(Math.Max(0, share.Low - expected), Math.Max(0, share.High - expected)))
            .Advise("look at the labels that changed, or accept the gate with a reason where the world did");
    }
}
