using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
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
        Func<int, bool> isLookupAlone = FindRowsOfALookup(context);
        long rows = 0;
        long contradicted = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            // A class that it never learned, or a look-up that it does not have, is new, and no contradiction.
            if (known[labels[row]] && !(isLookupAlone(row) && !IsSure(incumbent.Sample.Row(row))))
            {
                rows++;
                contradicted += classes[incumbent.Sample.Labels[row]] != labels[row] ? 1 : 0;
            }
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

    /// <summary>Which sampled rows carry a text that is looked up and nothing that trees learn from, as entries of a list do.</summary>
    private static Func<int, bool> FindRowsOfALookup(GateContext context)
    {
        DataColumn[] columns = [.. context.Data.Facts.Sample.Columns];
        DataColumn[] others = [.. columns.Where(c => EncodingChoice.EncodingOf(context.Spec, c.Name) is not CategoryEncoding.Lookup)];
        return others.Length == columns.Length ? _ => false : row => Array.TrueForAll(others, c => IsMissing(c, row));
    }

    private static bool IsMissing(DataColumn column, int row) =>
        column is CategoryColumn category ? category.Codes[row] < 0 : float.IsNaN(((NumberColumn)column).Values[row]);

    // A look-up gives its class the probability 1.
    private static bool IsSure(ReadOnlySpan<float> probabilities) => probabilities.Contains(1f);
}
