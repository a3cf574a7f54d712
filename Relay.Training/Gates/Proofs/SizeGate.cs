using Shared.Contracts.Models;

namespace Relay.Training.Gates.Proofs;

/// <summary>Fails where the file is larger than the budget; without one, larger than nodes take by default.</summary>
internal sealed class SizeGate : IGate
{
    public string Name => "file-size";

    public GateBounds Defaults { get; } = new() { Fail = 1L << 30, Warn = 1L << 28 };

    public double? BoundOf(BudgetSpec budget) => budget.MaxBytes;

    public GateResult Check(GateContext context)
    {
        GateResult result = this.JudgeMaximum(context, context.Candidate!.Artifact.Length, $"the file has {context.Candidate.Artifact.Length} bytes");
        return result.Advise($"{GateVerdicts.Number(result.Bound!.Value)} are allowed: train fewer or shallower trees");
    }
}
