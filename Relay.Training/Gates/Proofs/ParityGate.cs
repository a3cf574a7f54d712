using Relay.Training.Evaluation;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Proofs;

/// <summary>Fails where the exported graph does not give the trainer's answer for every held-out row.</summary>
internal sealed class ParityGate : IGate
{
    public string Name => "parity";

    public GateBounds Defaults { get; } = new();

    public TrainingFault Fault => TrainingFault.ParityFailed;

    public bool CanBeAccepted => false;

    public GateResult Check(GateContext context)
    {
        ParityReport report = context.Candidate!.Parity;
        double tolerance = ParityCheck.ToleranceOf(context.Candidate.Answers);
        string? error = ParityCheck.FindError(report, tolerance);

        // JSON has no infinity, which stands for a number that is none.
        return this.Result(
            error is null ? GateVerdict.Pass : GateVerdict.Fail, Math.Min(report.MaxAbsDiff, double.MaxValue), tolerance,
            error ?? $"the graph gives the trainer's label for all {report.Rows} held-out rows");
    }
}
