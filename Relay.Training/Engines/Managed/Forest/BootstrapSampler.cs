using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Engines.Managed.Forest;

/// <summary>Draws the rows of one tree after another.</summary>
internal sealed class BootstrapSampler<TRow>(ForestData data)
    where TRow : struct, IForestRow<TRow>
{
    private readonly BinnedRows _rows = data.Rows;
    private readonly TRow[] _bag = new TRow[data.Rows.RowCount];
    private readonly int[] _draws = new int[data.Rows.RowCount];

    /// <summary>Draws as many rows as all shards have, each as likely as any other whatever it weighs, and keeps each binned row
    /// of this shard once with all that its draws add up to. A draw is the number of a row in the whole set: every shard makes all
    /// of them, and leaves out those that are another's.</summary>
    /// <param name="bootstrap">False takes every row once.</param>
    public Span<TRow> Fill(ref RandomStream random, bool bootstrap)
    {
        _draws.AsSpan().Clear();
        int[] rowOf = _rows.RowOf;
        if (bootstrap)
        {
            for (long drawn = 0; drawn < data.TotalRows; drawn++)
            {
                ulong row = (ulong)(random.Below(data.TotalRows) - _rows.FirstRow);
                if (row < (ulong)rowOf.Length)
                {
                    _draws[rowOf[row]]++;
                }
            }
        }
        else
        {
            foreach (int row in rowOf)
            {
                _draws[row]++;
            }
        }

        int count = 0;
        for (int row = 0; row < _draws.Length; row++)
        {
            int drawn = _draws[row];
            if (drawn > 0)
            {
                _bag[count++] = TRow.Create(
                    row, _rows.Labels[row], drawn, drawn * (data.SampleWeights?[row] ?? 1), drawn * (data.Values?[row] ?? 0));
            }
        }

        return _bag.AsSpan(0, count);
    }
}
