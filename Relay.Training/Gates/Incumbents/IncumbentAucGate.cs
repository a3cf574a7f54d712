using Relay.Training.Export;
using Relay.Training.Gates.Statistics;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Incumbents;

/// <summary>Fails where the mean area under the ROC curve is below the incumbent's by more than the margin, and not by chance.</summary>
internal sealed class IncumbentAucGate() : IncumbentGate("incumbent-auc", new GateBounds { Fail = 0.01 })
{
    /// <summary>Rows that are ranked: of more, as many are taken, evenly spaced.</summary>
    private const int MaxRanked = 50_000;

    protected override string? FindReason(ModelTask task, GateContext context) => LabelsOnly(task, context);

    protected override GateResult Compare(GateContext context, IncumbentScores incumbent)
    {
        int compared = incumbent.Rows.Length;
        int count = Math.Min(compared, MaxRanked);
        int[] ranked = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * compared / count))];
        List<bool[]> truth = [];
        List<float[]> theirs = [];
        List<float[]> ours = [];
        foreach ((int own, int other) in Pairs(context, incumbent))
        {
            truth.Add([.. ranked.Select(i => context.Data.Test.Labels[incumbent.Rows[i]] == own)]);
            theirs.Add([.. ranked.Select(i => Score(incumbent.HeldOut, i, other))]);
            ours.Add([.. ranked.Select(i => Score(context.Candidate!.Answers, incumbent.Rows[i], own))]);
        }

        if (truth.Count == 0 || PairedAuc.Compare(truth, theirs, ours) is not { } compare)
        {
            return this.NotApplicable("no class that both versions know has held-out rows of it and of another");
        }

        string found =
            $"AUC {GateVerdicts.Number(compare.Second)} against {GateVerdicts.Number(compare.First)} of version " +
                $"{incumbent.Card.Version} on the same {count} rows, "
            + $"a fall of {GateVerdicts.Number(compare.First - compare.Second)} "
            + $"(95%: {GateVerdicts.Number(compare.Difference.Low)} to {GateVerdicts.Number(compare.Difference.High)})";
        return JudgeFall(context, compare.First - compare.Second, found, compare.Difference);
    }

    // Of an anomaly detector one pair: its score, whose lower values mean an anomaly, which is class 1.
    private static IEnumerable<(int Own, int Other)> Pairs(GateContext context, IncumbentScores incumbent)
    {
        if (context.Spec.Task is ModelTask.AnomalyDetection)
        {
            return [(1, 1)];
        }

        int[] map = incumbent.MapClasses(context.Candidate!.Model.Schema.Classes);
        return map.Select((own, other) => (own, other)).Where(pair => pair.own >= 0);
    }

    private static float Score(Predictions answers, int row, int label) => answers.Width == 1 ? -answers.Values[row] : answers.Row(row)[label];
}
