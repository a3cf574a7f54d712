using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Weighting;

/// <summary>Weights and times as they stand in the source; null where they were not read.</summary>
/// <param name="Times">Seconds since 1970.</param>
internal sealed record RawWeightInputs(float[]? Weights, double[]? Times)
{
    public static RawWeightInputs None { get; } = new(null, null);

    public RawWeightInputs Select(RowSelection rows) =>
        new(Weights is null ? null : rows.Take(Weights), Times is null ? null : rows.Take(Times));
}
