using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Weighting;

/// <summary>Weights and times as they stand in the source; null where they were not read.</summary>
/// <param name="Times">Seconds since 1970.</param>
/// <param name="Lines">Per row the line at which it begins, for messages; null where the source has no lines, or neither was read.</param>
internal sealed record RawWeightInputs(float[]? Weights, double[]? Times, long[]? Lines)
{
    public static RawWeightInputs None { get; } = new(null, null, null);

    public RawWeightInputs Select(RowSelection rows) => new(
        Weights is null ? null : rows.Take(Weights), Times is null ? null : rows.Take(Times), Lines is null ? null : rows.Take(Lines));
}
