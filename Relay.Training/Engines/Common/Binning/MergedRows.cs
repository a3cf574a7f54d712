namespace Relay.Training.Engines.Common.Binning;

/// <summary>Rows of bins with equal ones merged, in order of first occurrence.</summary>
/// <param name="First">Per merged row, the first row of the set that it stands for: all of them have its label, target and weight.</param>
internal sealed record MergedRows(byte[] Rows, int Stride, int[] First, byte[] Multiplicity, int[] RowOf)
{
    private const int BlockRows = 4096;

    /// <param name="features">The columns to take.</param>
    public static MergedRows Create(
        TrainingSet set, int[] features, ColumnBins[] bins, int threads, CancellationToken cancellationToken)
    {
        int stride = RowMerger.Stride(features.Length);
        byte[] rows = new byte[checked((long)set.RowCount * stride)];
        WorkerLoop.Run((set.RowCount + BlockRows - 1) / BlockRows, threads, block =>
        {
            int end = Math.Min(set.RowCount, (block + 1) * BlockRows);
            for (int c = 0; c < features.Length; c++)
            {
                float[] values = set.Columns[features[c]];
                ColumnBins column = bins[c];
                for (int row = block * BlockRows; row < end; row++)
                {
                    rows[((long)row * stride) + c] = column.Bin(values[row]);
                }
            }
        }, cancellationToken);
        RowMerger merger = new(set, rows, stride);
        for (int row = 0; row < set.RowCount; row++)
        {
            if (row % (1 << 16) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            merger.Add(rows.AsSpan(row * stride, stride));
        }

        return merger.Finish();
    }
}
