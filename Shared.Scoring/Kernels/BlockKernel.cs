using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>A kernel whose groups of trees take all rows of a block before the next group does, so that their nodes are in the
/// cache.</summary>
/// <param name="sums">Adds up what the kernel finds.</param>
internal abstract class BlockKernel(TreeForest forest, LeafSums sums) : ForestKernel(forest)
{
    private const int BlockRows = 32;

    // Leaves of a block of rows, 16 KB of the stack.
    private const int StackLeaves = 4096;

    protected LeafSums Sums { get; } = sums;

    public override void AddTo(ReadOnlySpan<float> row, Span<float> scores) => AddBlock(row, scores);

    public override void AddToBatch(ReadOnlySpan<float> rows, Span<float> scores)
    {
        int most = Math.Clamp(StackLeaves / Sums.Order.Length, 1, BlockRows);
        for (int row = 0, count = rows.Length / FeatureCount; row < count; row += most)
        {
            int block = Math.Min(most, count - row);
            AddBlock(rows.Slice(row * FeatureCount, block * FeatureCount), scores.Slice(row * OutputCount, block * OutputCount));
        }
    }

    /// <summary>Adds the trees' leaves to the scores of a few rows.</summary>
    protected abstract void AddBlock(ReadOnlySpan<float> rows, Span<float> scores);

    /// <summary>Adds the leaves found to the scores.</summary>
    /// <param name="leaves">Row after row, the place of each tree's leaf.</param>
    protected void Add(ReadOnlySpan<int> leaves, Span<float> scores)
    {
        int trees = Sums.Order.Length;
        for (int row = 0; row * OutputCount < scores.Length; row++)
        {
            Sums.Add(leaves.Slice(row * trees, trees), scores.Slice(row * OutputCount, OutputCount));
        }
    }
}
