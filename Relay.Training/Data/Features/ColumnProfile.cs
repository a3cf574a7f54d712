using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common.Binning;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Features;

/// <summary>What is kept of the training rows of a column, so that other rows can be compared with them.</summary>
/// <param name="Values">What the training rows hold.</param>
/// <param name="Uppers">Of numbers, the largest value of each bin but the last; null for texts.</param>
/// <param name="Texts">The most frequent texts, each a bin of its own; null for numbers.</param>
/// <param name="Rows">Training rows per bin; of texts, the last bin has all other texts.</param>
internal sealed record ColumnProfile(ColumnValues Values, float[]? Uppers, string[]? Texts, long[] Rows)
{
    public const int MaxBins = 10;

    public static ColumnProfile Create(DataColumn column) => column switch
    {
        NumberColumn number => OfNumbers(Summarize(number.Values)),
        CategoryColumn category => OfTexts(category),
        _ => throw new ArgumentException($"A column of type {column.GetType().Name} has no profile.", nameof(column)),
    };

    /// <summary>Bins with a tenth of the rows each, or with one value each where there are few. Edges are values of the column, so that every
    /// row of training is counted exactly.</summary>
    public static ColumnProfile OfNumbers(ColumnSummary summary)
    {
        ValueCell[] cells = summary.Cells();
        if (cells.Length == 0)
        {
            return new ColumnProfile(new ColumnValues(summary.Missing, 0), [], null, [0]);
        }

        long rows = cells.Sum(c => c.Rows);
        List<float> uppers = [];
        List<long> counts = [];
        long before = 0;
        long inBin = 0;
        float? median = null;
        foreach ((int i, ValueCell cell) in cells.Index())
        {
            inBin += cell.Rows;
            before += cell.Rows;
            median ??= 2 * before >= rows ? FloatKey.Value(cell.Max) : null;
            bool isEnd = cells.Length <= MaxBins || before * MaxBins >= rows * (uppers.Count + 1);
            if (isEnd && i < cells.Length - 1 && uppers.Count < MaxBins - 1)
            {
                uppers.Add(FloatKey.Value(cell.Max));
                counts.Add(inBin);
                inBin = 0;
            }
        }

        // A cell of several values counts them as one.
        long? distinct = cells.All(c => c.Min == c.Max) ? cells.Length : null;
        ColumnValues values = new(summary.Missing, distinct, FloatKey.Value(cells[0].Min), median, FloatKey.Value(cells[^1].Max));
        return new ColumnProfile(values, [.. uppers], null, [.. counts, inBin]);
    }

    /// <param name="rows">Rows per text; a text without any does not count.</param>
    public static ColumnProfile OfTexts(string[] texts, long[] rows, long missing)
    {
        int[] order =
        [
            .. Enumerable.Range(0, texts.Length).Where(i => rows[i] > 0).OrderByDescending(i => rows[i])
                .ThenBy(i => texts[i], StringComparer.Ordinal),
        ];
        int[] own = order[..Math.Min(order.Length, MaxBins - 1)];
        return new ColumnProfile(
            new ColumnValues(missing, order.Length), null, [.. own.Select(i => texts[i])],
            [.. own.Select(i => rows[i]), order[own.Length..].Sum(i => rows[i])]);
    }

    /// <summary>Counts the rows of a column in the bins of this one.</summary>
    public long[] Count(DataColumn column)
    {
        long[] counts = new long[Rows.Length];
        if (column is NumberColumn number)
        {
            foreach (float value in number.Values)
            {
                if (!float.IsNaN(value))
                {
                    int at = Array.BinarySearch(Uppers!, value);
                    counts[at < 0 ? ~at : at]++;
                }
            }

            return counts;
        }

        CategoryColumn category = (CategoryColumn)column;
        int[] binOf = [.. category.Categories.Select(text => Array.IndexOf(Texts!, text) is >= 0 and int bin ? bin : counts.Length - 1)];
        foreach (int code in category.Codes)
        {
            if (code >= 0)
            {
                counts[binOf[code]]++;
            }
        }

        return counts;
    }

    private static ColumnSummary Summarize(float[] values)
    {
        ColumnSummary summary = new();
        foreach (float value in values)
        {
            summary.Add(value);
        }

        return summary;
    }

    private static ColumnProfile OfTexts(CategoryColumn column)
    {
        long[] rows = new long[column.Categories.Length];
        long missing = 0;
        foreach (int code in column.Codes)
        {
            if (code < 0)
            {
                missing++;
            }
            else
            {
                rows[code]++;
            }
        }

        return OfTexts(column.Categories, rows, missing);
    }
}
