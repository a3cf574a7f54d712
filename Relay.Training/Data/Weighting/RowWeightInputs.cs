using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Weighting;

/// <summary>Reads the weight and the time of each row, from which its sample weight is computed.</summary>
internal sealed class RowWeightInputs
{
    private readonly WeightColumnBuilder? _weights;
    private readonly TimeColumnBuilder? _times;

    public RowWeightInputs(ModelSpec spec, bool timesOnly = false)
    {
        _weights = !timesOnly && NameOf(ColumnType.Weight) is { } weight ? new(weight) : null;

        // Times matter to the age rule alone: without it, nothing is read of them.
        _times = spec.Weights.Age is not null && NameOf(ColumnType.Time) is { } time ? new(time) : null;

        string? NameOf(ColumnType type) => spec.Columns.FirstOrDefault(c => c.Type == type)?.Name;
    }

    /// <summary>Null where the spec has no such column.</summary>
    public ColumnReader? Weights => _weights;

    /// <summary>Null where the spec has no such column, or no rule that reads it.</summary>
    public ColumnReader? Times => _times;

    public RawWeightInputs Finish() => new(_weights?.Drain(), _times?.Drain());

    /// <summary>Takes a row that comes from code.</summary>
    /// <returns>Null, or the column and what was expected there.</returns>
    public (string Column, string Expected)? Add(float weight, DateTimeOffset? time)
    {
        if (_weights?.Add(weight) is { } expected)
        {
            return (_weights.Name, expected);
        }

        return _times?.Add(time) is { } expectedTime ? (_times.Name, expectedTime) : null;
    }
}
