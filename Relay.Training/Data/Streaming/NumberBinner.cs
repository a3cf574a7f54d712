using Relay.Training.Data.Csv;
using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Data.Streaming;

/// <param name="at">Where the column's bin stands in the row; -1 for a column that has one bin.</param>
internal sealed class NumberBinner(string name, ColumnBins bins, byte[] row, int at) : ColumnReader(name)
{
    protected override string? Add(ReadOnlySpan<byte> cell)
    {
        if (at < 0)
        {
            return null;
        }

        if (!NumberText.TryParse(cell, out float value))
        {
            return NumberText.Expected;
        }

        row[at] = bins.Bin(value);
        return null;
    }
}
