using Relay.Training.Export;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Proofs;

/// <summary>Fails where the graph that the engine's own framework writes of the model gives other labels or numbers: a second conversion that
/// shares no code with ours.</summary>
internal sealed class ConverterAgreementGate : IGate
{
    public string Name => "converter-agreement";

    // The framework adds leaves in another order and precision.
    public GateBounds Defaults { get; } = new() { Fail = 1e-4 };

    public bool CanBeAccepted => false;

    public GateResult Check(GateContext context)
    {
        Candidate candidate = context.Candidate!;
        if (candidate.Model.Converted is not { } converted)
        {
            return this.NotApplicable("there is no graph of another converter: the engine mlnet alone has one");
        }

        float[] theirs =
            MatrixSession.Run(converted.Onnx, converted.Input, converted.ScoreOutput, candidate.Model.ToEnsembleInputs(candidate.HeldOut.Columns));
        Predictions ours = candidate.Answers;
        bool isBinary = theirs.Length == ours.RowCount && ours.Width == 2;
        double worst = 0;
        for (int i = 0; i < theirs.Length && theirs.Length * (isBinary ? 2 : 1) == ours.Values.Length; i++)
        {
            double expected = isBinary ? ours.Values[(2 * i) + 1] : ours.Values[i];
            double difference = Math.Abs(expected - theirs[i]) / Math.Max(1, Math.Abs(expected));
            worst = difference <= worst ? worst : double.IsNaN(difference) ? double.MaxValue : difference;
        }

        worst = theirs.Length * (isBinary ? 2 : 1) == ours.Values.Length ? Math.Min(worst, double.MaxValue) : double.MaxValue;
        return this.JudgeMaximum(
            context, worst,
            $"the largest difference from the graph of the framework's own converter is {GateVerdicts.Number(worst)} " +
                $"on {ours.RowCount} held-out rows");
    }
}
