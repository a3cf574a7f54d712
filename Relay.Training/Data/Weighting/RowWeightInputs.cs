using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Weighting;

/// <summary>Reads the weight and the time of each row, from which its sample weight is computed.</summary>
internal sealed class RowWeightInputs
{
    private readonly WeightColumnBuilder? weights;
    private readonly TimeColumnBuilder? times;

    public RowWeightInputs(ModelSpec spec, bool timesOnly = false)
    {
        weights = !timesOnly && NameOf(ColumnType.Weight) is { } weight ? new(weight) : null;

        // Times matter to the age rule alone: without it, nothing is read of them.
        times = spec.Weights.Age is not null && NameOf(ColumnType.Time) is { } time ? new(time) : null;

        string? NameOf(ColumnType type) => spec.Columns.FirstOrDefault(c => c.Type == type)?.Name;
    }

    /// <summary>Null where the spec has no such column.</summary>
    public ColumnReader? Weights => weights;

    /// <summary>Null where the spec has no such column, or no rule that reads it.</summary>
    public ColumnReader? Times => times;

    public RawWeightInputs Finish() => new(weights?.Drain(), times?.Drain());

    /// <summary>Takes a row that comes from code.</summary>
    /// <returns>Null, or the column and what was expected there.</returns>
    public (string Column, string Expected)? Add(float weight, DateTimeOffset? time)
    {
        if (weights?.Add(weight) is { } expected)
        {
            return (weights.Name, expected);
        }

        return times?.Add(time) is { } expectedTime ? (times.Name, expectedTime) : null;
    }
}
