using Relay.Training.Gates.Statistics;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Incumbents;

/// <summary>Fails where macro-F1 is below the incumbent's by more than the margin, and not by chance.</summary>
internal sealed class IncumbentMacroF1Gate() : IncumbentGate("incumbent-macro-f1", new GateBounds { Fail = 0.01 })
{
    protected override string? FindReason(ModelTask task, GateContext context) => LabelsOnly(task, context);

    protected override GateResult Compare(GateContext context, IncumbentScores incumbent)
    {
        PairedLabels rows = PairedLabels.Create(context);
        (double theirs, double ours, GateInterval fall) = MacroF1Bootstrap.Compare(
            rows.Truth, rows.Incumbent, rows.Candidate, context.Candidate!.Model.Schema.Classes.Count);
        string found =
            $"macro-F1 {GateVerdicts.Number(ours)} against {GateVerdicts.Number(theirs)} of version {incumbent.Card.Version} on the " +
                $"same {rows.Truth.Length} rows, "
            + $"a fall of {GateVerdicts.Number(theirs - ours)} (95%: {GateVerdicts.Number(fall.Low)} to {GateVerdicts.Number(fall.High)})";
        return JudgeFall(context, theirs - ours, found, fall);
    }
}
