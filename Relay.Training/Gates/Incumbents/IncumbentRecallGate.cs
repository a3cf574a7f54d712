using Shared.Contracts.Models;

namespace Relay.Training.Gates.Incumbents;

/// <summary>Fails where the recall of a class collapsed against the incumbent: means over classes hide that.</summary>
internal sealed class IncumbentRecallGate() : IncumbentGate("incumbent-class-recall", new GateBounds { Fail = 0.1 })
{
    protected override string? FindReason(ModelTask task, GateContext context) => LabelsOnly(task, context);

    protected override GateResult Compare(GateContext context, IncumbentScores incumbent)
    {
        PairedLabels labels = PairedLabels.Create(context);
        IReadOnlyList<string> classes = context.Candidate!.Model.Schema.Classes;
        RecallFall worst = RecallFall.Worst(Enumerable.Range(0, labels.Truth.Length)
            .GroupBy(row => labels.Truth[row])
            .Select(rows => RecallFall.Measure($"'{classes[rows.Key]}'", labels, rows)));
        string found =
            $"the recall of {worst.Part} is {GateVerdicts.Number(worst.Now)} against {GateVerdicts.Number(worst.Before)} of " +
                $"version {incumbent.Card.Version} "
            + $"on the same {worst.Rows} rows, a fall of {GateVerdicts.Number(worst.Fall)} "
            + $"(95%: {GateVerdicts.Number(worst.Interval.Low)} to {GateVerdicts.Number(worst.Interval.High)}), the " +
                $"largest of {classes.Count} classes";
        return JudgeFall(context, worst.Fall, found, worst.Interval);
    }
}
