using Relay.Training.Data.Csv;
using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;

namespace Relay.Training.Data.Streaming;

/// <param name="texts">Of the first pass.</param>
/// <param name="binsOfTexts">Per column that the texts become, the bin of each of those texts in each fold.</param>
/// <param name="missing">Per column, the bin of an empty cell.</param>
/// <param name="at">Per column, where its bin stands in the row; -1 for one that has one bin.</param>
/// <param name="firstRow">The number of the first row among those of all shards.</param>
internal sealed class TargetBinner(string name, TextCodes texts, byte[][] binsOfTexts, byte[] missing, byte[] row, int[] at, long firstRow)
    : ColumnReader(name)
{
    private long _next = firstRow;

    protected override string? Add(ReadOnlySpan<byte> cell)
    {
        int code = cell.IsEmpty ? -1 : texts.Code(cell);
        int place = (code * TargetStatistics.Folds) + TargetStatistics.FoldOf(_next++);
        for (int column = 0; column < at.Length; column++)
        {
            if (code >= 0 && place >= binsOfTexts[column].Length)
            {
                return "a text that was there when the file was first read";
            }

            if (at[column] >= 0)
            {
                row[at[column]] = code < 0 ? missing[column] : binsOfTexts[column][place];
            }
        }

        return null;
    }
}
