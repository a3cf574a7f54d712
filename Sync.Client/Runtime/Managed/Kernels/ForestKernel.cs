namespace Sync.Client.Runtime.Managed.Kernels;

/// <summary>One way to run a forest. All kernels give the same bits; they differ in what they need of the processor and of the
/// forest's shape, and in speed. Safe for any number of threads at once; a call allocates nothing.</summary>
internal abstract class ForestKernel(TreeForest forest)
{
    /// <summary>Name in benchmarks and status, such as "interleaved".</summary>
    public abstract string Name { get; }

    protected int FeatureCount { get; } = forest.FeatureCount;

    protected int OutputCount { get; } = forest.OutputCount;

    /// <summary>Raw scores of one row.</summary>
    /// <param name="row">One value per feature, NaN where it is missing.</param>
    /// <param name="scores">One per output, overwritten.</param>
    public abstract void Score(ReadOnlySpan<float> row, Span<float> scores);

    /// <summary>Raw scores of rows that stand one after the other.</summary>
    /// <param name="rows">Row after row.</param>
    /// <param name="scores">Row after row, one per output, overwritten.</param>
    public virtual void ScoreBatch(ReadOnlySpan<float> rows, Span<float> scores)
    {
        for (int at = 0, to = 0; at < rows.Length; at += FeatureCount, to += OutputCount)
        {
            Score(rows.Slice(at, FeatureCount), scores.Slice(to, OutputCount));
        }
    }
}
