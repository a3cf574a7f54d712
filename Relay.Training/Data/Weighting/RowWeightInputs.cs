using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Weighting;

/// <summary>Collects what a row says of how much it counts: its weight and its time.</summary>
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

/// <summary>Weights and times as they stand in the source; null where they were not read.</summary>
/// <param name="Times">Seconds since 1970.</param>
internal sealed record RawWeightInputs(float[]? Weights, double[]? Times)
{
    public static RawWeightInputs None { get; } = new(null, null);

    public RawWeightInputs Select(RowSelection rows) =>
        new(Weights is null ? null : rows.Of(Weights), Times is null ? null : rows.Of(Times));
}

internal sealed class WeightColumnBuilder(string name) : ColumnReader(name)
{
    private const string Expected = "a finite number above 0";
    private readonly ChunkedList<float> values = new();

    protected override string? Add(ReadOnlySpan<byte> cell) => NumberText.TryParse(cell, out float value) ? Add(value) : Expected;

    public string? Add(float value)
    {
        if (!(float.IsFinite(value) && value > 0))
        {
            return Expected;
        }

        values.Add(value);
        return null;
    }

    public float[] Drain() => values.Drain();
}

internal sealed class TimeColumnBuilder(string name) : ColumnReader(name)
{
    private readonly ChunkedList<double> seconds = new();

    protected override string? Add(ReadOnlySpan<byte> cell)
    {
        if (!TimeText.TryParse(cell, out double value))
        {
            return TimeText.Expected;
        }

        seconds.Add(value);
        return null;
    }

    public string? Add(DateTimeOffset? time)
    {
        if (time is not { } known)
        {
            return "a time";
        }

        seconds.Add((known - DateTimeOffset.UnixEpoch).TotalSeconds);
        return null;
    }

    public double[] Drain() => seconds.Drain();
}
