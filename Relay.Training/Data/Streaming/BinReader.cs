using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Data.Streaming;

/// <summary>The second pass over training rows: turns each into bins at once.</summary>
/// <param name="row">What the columns fill.</param>
internal sealed class BinReader(ColumnReader[] columns, byte[] row, RowMerger merger) : RowReader(columns, null, null)
{
    protected override void OnRow() => merger.Add(row);
}

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

/// <param name="texts">Of the first pass.</param>
/// <param name="binOfText">Per code of those texts.</param>
/// <param name="missing">The bin of an empty cell.</param>
internal sealed class CategoryBinner(string name, TextCodes texts, byte[] binOfText, byte missing, byte[] row, int at)
    : ColumnReader(name)
{
    protected override string? Add(ReadOnlySpan<byte> cell)
    {
        if (at < 0)
        {
            return null;
        }

        int code = cell.IsEmpty ? -1 : texts.Code(cell);
        if (code >= binOfText.Length)
        {
            return "a text that was there when the file was first read";
        }

        row[at] = code < 0 ? missing : binOfText[code];
        return null;
    }
}
