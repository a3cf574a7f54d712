using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>One way to run a forest. All kernels give the same bits; they differ in what they need of the processor and of the
/// forest's shape, and in speed. Safe for any number of threads at once; a call allocates nothing.</summary>
/// <remarks>Their inner methods are optimized from the first call on: what is measured before a model answers is the code that
/// will answer, and nobody waits for a second compilation.</remarks>
internal abstract class ForestKernel(TreeForest forest)
{
    /// <summary>Name in benchmarks and status, such as "interleaved".</summary>
    public abstract string Name { get; }

    protected int FeatureCount { get; } = forest.FeatureCount;

    protected int OutputCount { get; } = forest.OutputCount;

    /// <summary>Raw scores of one row.</summary>
    /// <param name="row">One value per feature, NaN where it is missing.</param>
    /// <param name="scores">One per output, overwritten.</param>
    public void Score(ReadOnlySpan<float> row, Span<float> scores)
    {
        scores.Clear();
        AddTo(row, scores);
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] += forest.BaseValues[i];
        }
    }

    /// <summary>Raw scores of rows that stand one after the other.</summary>
    /// <param name="rows">Row after row.</param>
    /// <param name="scores">Row after row, one per output, overwritten.</param>
    public void ScoreBatch(ReadOnlySpan<float> rows, Span<float> scores)
    {
        scores.Clear();
        AddToBatch(rows, scores);
        for (int at = 0; at < scores.Length; at += OutputCount)
        {
            for (int i = 0; i < OutputCount; i++)
            {
                scores[at + i] += forest.BaseValues[i];
            }
        }
    }

    /// <summary>Adds the trees' leaves, in tree order, to the scores of a row.</summary>
    public abstract void AddTo(ReadOnlySpan<float> row, Span<float> scores);

    /// <summary>The same for many rows.</summary>
    public virtual void AddToBatch(ReadOnlySpan<float> rows, Span<float> scores)
    {
        for (int at = 0, to = 0; at < rows.Length; at += FeatureCount, to += OutputCount)
        {
            AddTo(rows.Slice(at, FeatureCount), scores.Slice(to, OutputCount));
        }
    }
}
