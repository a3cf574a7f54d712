using Relay.Training.Engines.Binning;

namespace Relay.Training.Engines.Forest;

/// <summary>Draws the rows of one tree after another.</summary>
internal sealed class ForestBag<TRow>(ForestData data)
    where TRow : struct, IForestRow<TRow>
{
    private readonly BinnedRows rows = data.Rows;
    private readonly TRow[] bag = new TRow[data.Rows.RowCount];
    private readonly int[] draws = new int[data.Rows.RowCount];
    private readonly long[] weights = data.Weights is null ? [] : new long[data.Rows.RowCount];
    private readonly long[] values = data.Values is null ? [] : new long[data.Rows.RowCount];

    /// <summary>Draws as many rows as the set has, each as likely as any other whatever it weighs, and keeps each once with all
    /// that its draws add up to.</summary>
    /// <param name="bootstrap">False takes every row once.</param>
    public Span<TRow> Fill(ref RandomStream random, bool bootstrap)
    {
        draws.AsSpan().Clear();
        weights.AsSpan().Clear();
        values.AsSpan().Clear();
        int[] rowOf = rows.RowOf;
        for (int i = 0; i < rowOf.Length; i++)
        {
            int drawn = bootstrap ? random.Below(rowOf.Length) : i;
            int row = rowOf[drawn];
            draws[row]++;
            if (data.Weights is not null)
            {
                weights[row] += data.Weights[drawn];
            }

            if (data.Values is not null)
            {
                values[row] += data.Values[drawn];
            }
        }

        return Gather();
    }

    private Span<TRow> Gather()
    {
        int count = 0;
        for (int row = 0; row < draws.Length; row++)
        {
            if (draws[row] > 0)
            {
                bag[count++] = TRow.Create(
                    row, rows.Labels[row], draws[row], weights.Length == 0 ? draws[row] : weights[row], values.Length == 0 ? 0 : values[row]);
            }
        }

        return bag.AsSpan(0, count);
    }
}
