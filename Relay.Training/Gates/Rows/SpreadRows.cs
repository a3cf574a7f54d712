using Relay.Training.Data.Tables;

namespace Relay.Training.Gates.Rows;

/// <summary>At most <see cref="Max"/> held-out rows, evenly spaced, for gates that sort each column.</summary>
internal sealed class SpreadRows(DataSet set)
{
    public const int Max = 20_000;

    public int[] Rows { get; } = Spread(set.Labels.Length);

    /// <summary>Per row the value of a column as an order of its own: the number, or the code of the text; NaN is a missing value.</summary>
    public float[] ValuesOf(DataColumn column) => column switch
    {
        NumberColumn number => [.. Rows.Select(row => number.Values[row])],
        CategoryColumn category => [.. Rows.Select(row => category.Codes[row] < 0 ? float.NaN : category.Codes[row])],
        _ => throw new ArgumentException($"A column of type {column.GetType().Name} has no values.", nameof(column)),
    };

    private static int[] Spread(int rows)
    {
        int count = Math.Min(rows, Max);
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)i * rows / count))];
    }
}
