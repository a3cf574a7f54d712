using Relay.Training.Data.Csv;
using Relay.Training.Data.Features;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Rows;

/// <summary>Warns of columns that have one value in all training rows: nothing is learned from them this time.</summary>
internal sealed class ConstantColumnsGate : IGate
{
    public string Name => "constant-columns";

    public GateBounds Defaults { get; } = new() { Warn = 0 };

    public GateResult Check(GateContext context)
    {
        string[] constant = [.. context.Data.Facts.ConstantColumns.Where(c => EncodingChoice.IsLearned(context.Spec, c))];
        return this.JudgeMaximum(
            context, constant.Length,
            constant.Length == 0
                ? "every column has two values at least"
                : $"one value, or none, in all training rows of {DataErrors.List(constant)}; mark a column ignore in the spec where that stays so");
    }
}
