using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Engines.Common.Binning;

/// <summary>Training rows as byte bins. Rows that are equal in every bin, in label, target and sample weight are one row
/// that counts several times: sums of integers come out the same, and logs repeat themselves a lot.</summary>
internal sealed class BinnedRows
{
    private const int LargeBytes = 1 << 23;

    private BinnedRows(int[] features, ColumnBins[] bins, MergedRows merged, TrainingSet set)
    {
        Features = features;
        Bins = bins;
        Stride = merged.Stride;
        ByRow = merged.Rows;
        Labels = OfMerged(set.Labels, merged)!;
        Targets = OfMerged(set.Targets, merged);
        SampleWeights = OfMerged(set.SampleWeights, merged);
        Multiplicity = merged.Multiplicity;
        RowOf = merged.RowOf;
        Shards = set.Shards;
        FirstRow = set.FirstRow;
        Offsets = new int[bins.Length + 1];
        for (int c = 0; c < bins.Length; c++)
        {
            Offsets[c + 1] = Offsets[c] + bins[c].Bins;
        }
    }

    /// <summary>See <see cref="TrainingSet.Shards"/>.</summary>
    public IShardGroup Shards { get; }

    /// <summary>See <see cref="TrainingSet.FirstRow"/>.</summary>
    public long FirstRow { get; }

    /// <summary>Per column kept, the feature it is; a column with one bin is not kept.</summary>
    public int[] Features { get; }

    public ColumnBins[] Bins { get; }

    public int ColumnCount => Bins.Length;

    public int RowCount => Labels.Length;

    /// <summary>Bytes from one row to the next in <see cref="ByRow"/>.</summary>
    public int Stride { get; }

    public byte[] ByRow { get; private set; }

    public byte[][] ByColumn { get; private set; } = [];

    public int[] Labels { get; }

    /// <summary>See <see cref="TrainingSet.Targets"/>.</summary>
    public float[]? Targets { get; }

    /// <summary>See <see cref="TrainingSet.SampleWeights"/>: of one row, however many rows are merged into it.</summary>
    public float[]? SampleWeights { get; }

    /// <summary>How many rows of the set each row stands for.</summary>
    public byte[] Multiplicity { get; }

    /// <summary>Per row of the set, the row that stands for it.</summary>
    public int[] RowOf { get; }

    /// <summary>Per column, where its bins start when the bins of all columns stand in a row; the last entry is their number.</summary>
    public int[] Offsets { get; }

    /// <summary>The set's own bins where it was read into bins, else the bins of its columns.</summary>
    public static BinnedRows Create(
        TrainingSet set, int threads, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (set.Binned is { } binned)
        {
            return binned;
        }

        ColumnBins[] all = new ColumnBins[set.Columns.Length];
        int fitted = 0;
        WorkerLoop.Run(
            all.Length,
            threads,
            c =>
            {
                all[c] = ColumnBins.Fit(set.Columns[c]);
                progress?.Report(new TrainingProgress("bin", Interlocked.Increment(ref fitted), all.Length));
            },
            cancellationToken);

        int[] features = Varying(all);
        ColumnBins[] bins = [.. features.Select(f => all[f])];
        MergedRows merged = MergedRows.Create(set, features, bins, threads, cancellationToken);
        return Create(set, features, bins, merged, threads, cancellationToken);
    }

    /// <param name="features">What <see cref="Varying"/> gave.</param>
    /// <param name="bins">The bins of those features.</param>
    public static BinnedRows Create(
        TrainingSet set, int[] features, ColumnBins[] bins, MergedRows merged, int threads, CancellationToken cancellationToken)
    {
        BinnedRows rows = new(features, bins, merged, set);
        rows.Transpose(threads, cancellationToken);
        return rows;
    }

    /// <summary>The features that a split can part rows by.</summary>
    public static int[] Varying(ColumnBins[] bins) => [.. Enumerable.Range(0, bins.Length).Where(c => bins[c].CanSplit)];

    /// <summary>Lets go of the row-major copy, for a trainer that reads columns only.</summary>
    public void DropRows()
    {
        bool isLarge = ByRow.Length >= LargeBytes;
        ByRow = [];
        if (isLarge)
        {
            // Reading and binning leave as much behind as trees will need, and nothing makes the collector look before they do.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private static T[]? OfMerged<T>(T[]? ofSet, MergedRows merged) => ofSet is null ? null : [.. merged.First.Select(row => ofSet[row])];

    private void Transpose(int threads, CancellationToken cancellationToken)
    {
        const int Block = 4096;
        ByColumn = [.. Bins.Select(_ => new byte[RowCount])];
        WorkerLoop.Run((RowCount + Block - 1) / Block, threads, block =>
        {
            int end = Math.Min(RowCount, (block + 1) * Block);
            for (int c = 0; c < ByColumn.Length; c++)
            {
                byte[] column = ByColumn[c];
                for (int row = block * Block; row < end; row++)
                {
                    column[row] = ByRow[((long)row * Stride) + c];
                }
            }
        }, cancellationToken);
    }
}
