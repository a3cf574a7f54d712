using Relay.Training.Engines.Binning;

namespace Relay.Training.Engines.Forest;

/// <summary>Draws the rows of one tree after another.</summary>
internal sealed class ForestBag<TRow>(ForestData data)
    where TRow : struct, IForestRow<TRow>
{
    private readonly BinnedRows rows = data.Rows;
    private readonly TRow[] bag = new TRow[data.Rows.RowCount];
    private readonly int[] draws = new int[data.Rows.RowCount];

    /// <summary>Draws as many rows as the set has, each as likely as any other whatever it weighs, and keeps each binned row once
    /// with all that its draws add up to.</summary>
    /// <param name="bootstrap">False takes every row once.</param>
    public Span<TRow> Fill(ref RandomStream random, bool bootstrap)
    {
        draws.AsSpan().Clear();
        int[] rowOf = rows.RowOf;
        foreach (int row in rowOf)
        {
            draws[bootstrap ? rowOf[random.Below(rowOf.Length)] : row]++;
        }

        int count = 0;
        for (int row = 0; row < draws.Length; row++)
        {
            int drawn = draws[row];
            if (drawn > 0)
            {
                bag[count++] = TRow.Create(
                    row, rows.Labels[row], drawn, drawn * (data.Weights?[row] ?? 1), drawn * (data.Values?[row] ?? 0));
            }
        }

        return bag.AsSpan(0, count);
    }
}
