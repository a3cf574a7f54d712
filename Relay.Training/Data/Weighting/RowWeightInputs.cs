using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Weighting;

/// <summary>Reads the weight and the time of each row, from which its sample weight is computed.</summary>
internal sealed class RowWeightInputs
{
    private readonly WeightColumnBuilder? _weights;
    private readonly TimeColumnBuilder? _times;
    private readonly ChunkedList<long> _lines = new();

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

    /// <summary>Ends a row of a file, after its cells were read.</summary>
    public void EndRow(long line)
    {
        if (_weights is not null || _times is not null)
        {
            _lines.Add(line);
        }
    }

    public RawWeightInputs Finish() => new(_weights?.Drain(), _times?.Drain(), _lines.Count == 0 ? null : _lines.Drain());

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
