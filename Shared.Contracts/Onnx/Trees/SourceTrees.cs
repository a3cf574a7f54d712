namespace Shared.Contracts.Onnx.Trees;

/// <summary>The trees of one operator as the file has them, whichever attribute lists they came from. Only
/// <see cref="TreeEnsembleReader"/> makes them, so every index in them is valid and every number finite.</summary>
/// <param name="FeatureCount">Width of a row; the largest integer where the graph does not tell.</param>
/// <param name="OutputCount">Raw scores per row.</param>
/// <param name="Nodes">The branches of all trees.</param>
/// <param name="LeafValues">The values of all leaves, leaf after leaf; an output without one gets nothing.</param>
/// <param name="LeafStarts">Per leaf, the index of its first value, and at the end the number of values.</param>
/// <param name="Roots">Per tree, its root: a branch, or ~leaf. In the order in which ONNX Runtime adds trees up.</param>
internal sealed record SourceTrees(
    int FeatureCount, int OutputCount, SplitNode[] Nodes, LeafValue[] LeafValues, int[] LeafStarts, int[] Roots)
{
    /// <summary>Per leaf, the share of rows that ended there when the model was made; null where the file does not tell.</summary>
    public float[]? LeafShares { get; init; }

    public int LeafCount => LeafStarts.Length - 1;

    /// <summary>The values of one leaf, in the order of the file.</summary>
    public ReadOnlySpan<LeafValue> Leaf(int leaf) => LeafValues.AsSpan(LeafStarts[leaf]..LeafStarts[leaf + 1]);
}
