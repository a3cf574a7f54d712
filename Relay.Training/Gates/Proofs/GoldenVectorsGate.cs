using Relay.Training.Packaging;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Proofs;

/// <summary>Fails where the finished file does not give its golden vectors bit by bit, in ONNX Runtime or in the scorer of nodes.</summary>
internal sealed class GoldenVectorsGate : IGate
{
    public string Name => "golden-vectors";

    public GateBounds Defaults { get; } = new();

    public TrainingFault Fault => TrainingFault.GoldenFailed;

    public bool CanBeAccepted => false;

    public GateResult Check(GateContext context)
    {
        Candidate candidate = context.Candidate!;
        string? error = GoldenCheck.FindDifference(candidate.Artifact, candidate.Golden, candidate.Model.Schema)
            ?? ManagedScorerCheck.FindDifference(candidate.Artifact, candidate.Golden, candidate.Model.Schema);
        return this.Result(
            error is null ? GateVerdict.Pass : GateVerdict.Fail, candidate.Golden.Rows, null,
            error ?? $"the file gives all {candidate.Golden.Rows} golden vectors");
    }
}
