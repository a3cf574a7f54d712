using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Weighting;

internal sealed class TimeColumnBuilder(string name) : ColumnReader(name)
{
    private readonly ChunkedList<double> _seconds = new();

    protected override string? Add(ReadOnlySpan<byte> cell)
    {
        if (!TimeText.TryParse(cell, out double value))
        {
            return TimeText.Expected;
        }

        _seconds.Add(value);
        return null;
    }

    public string? Add(DateTimeOffset? time)
    {
        if (time is not { } known)
        {
            return "a time";
        }

        _seconds.Add((known - DateTimeOffset.UnixEpoch).TotalSeconds);
        return null;
    }

    public double[] Drain() => _seconds.Drain();
}
