using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>A kernel that scores a block of rows group of trees by group of trees, so that the nodes of a group stay in the
/// cache.</summary>
/// <param name="sums">Sums the leaf values that the kernel finds.</param>
internal abstract class BlockKernel(TreeForest forest, LeafSums sums) : ForestKernel(forest)
{
    private const int BlockRows = 32;

    // Limit of leaf slots for a block of rows: 16 KB of the stack.
    private const int StackLeaves = 4096;

    protected LeafSums Sums { get; } = sums;

    public override void AddTo(ReadOnlySpan<float> row, Span<float> scores) => AddBlock(row, scores);

    public override void AddToBatch(ReadOnlySpan<float> rows, Span<float> scores)
    {
        int maxRows = Math.Clamp(StackLeaves / Sums.Order.Length, 1, BlockRows);
        for (int row = 0, count = rows.Length / FeatureCount; row < count; row += maxRows)
        {
            int block = Math.Min(maxRows, count - row);
            AddBlock(rows.Slice(row * FeatureCount, block * FeatureCount), scores.Slice(row * OutputCount, block * OutputCount));
        }
    }

    /// <summary>Adds the trees' leaves to the scores of a few rows.</summary>
    protected abstract void AddBlock(ReadOnlySpan<float> rows, Span<float> scores);

    /// <summary>Adds the leaves found to the scores.</summary>
    /// <param name="leaves">Row after row, the slot of each tree's leaf.</param>
    protected void Add(ReadOnlySpan<int> leaves, Span<float> scores)
    {
        int trees = Sums.Order.Length;
        for (int row = 0; row * OutputCount < scores.Length; row++)
        {
            Sums.Add(leaves.Slice(row * trees, trees), scores.Slice(row * OutputCount, OutputCount));
        }
    }
}
