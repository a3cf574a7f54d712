using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>An algorithm that scores a forest. All kernels give the same bits; they differ in speed and in the processors and forest
/// shapes that they support. Thread-safe; a call allocates nothing.</summary>
/// <remarks>Inner methods are fully optimized on their first call, so that the code that is measured before a model is activated is the
/// code that answers, without a second compilation.</remarks>
internal abstract class ForestKernel(TreeForest forest)
{
    /// <summary>The name in benchmarks, such as "interleaved".</summary>
    public abstract string Name { get; }

    protected int FeatureCount { get; } = forest.FeatureCount;

    protected int OutputCount { get; } = forest.OutputCount;

    /// <summary>Computes the raw scores of one row.</summary>
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

    /// <summary>Computes the raw scores of contiguous rows.</summary>
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

    /// <summary>Adds the leaf values of all trees, in tree order, to the scores of a row.</summary>
    public abstract void AddTo(ReadOnlySpan<float> row, Span<float> scores);

    /// <summary>Adds the leaf values of all trees, in tree order, to the scores of contiguous rows.</summary>
    public virtual void AddToBatch(ReadOnlySpan<float> rows, Span<float> scores)
    {
        for (int at = 0, to = 0; at < rows.Length; at += FeatureCount, to += OutputCount)
        {
            AddTo(rows.Slice(at, FeatureCount), scores.Slice(to, OutputCount));
        }
    }
}
