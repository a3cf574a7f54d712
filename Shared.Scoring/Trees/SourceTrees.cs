namespace Shared.Scoring.Trees;

/// <summary>The trees of one operator as the file has them, whichever attribute lists they came from.</summary>
/// <param name="FeatureCount">Width of a row.</param>
/// <param name="OutputCount">Raw scores per row.</param>
/// <param name="Nodes">The branches of all trees.</param>
/// <param name="Leaves">Per leaf, its values; an output without one gets nothing.</param>
/// <param name="Roots">Per tree, its root: a branch, or ~leaf. In the order in which ONNX Runtime adds trees up.</param>
internal sealed record SourceTrees(
    int FeatureCount, int OutputCount, SplitNode[] Nodes, LeafValue[][] Leaves, int[] Roots)
{
    /// <summary>Per leaf, the share of rows that ended there when the model was made; null where the file does not tell.</summary>
    public float[]? LeafShares { get; init; }

    /// <summary>More outputs than any model of this project has; leaves with a value for each stay small.</summary>
    private const int MaxOutputs = 4096;

    /// <summary>Kernels keep one leaf per tree on the stack.</summary>
    private const int MaxTrees = 1 << 16;

    /// <summary>Limit of leaves times outputs, in values: 128 MB.</summary>
    public const long MaxValues = 1 << 25;

    /// <summary>Why these trees cannot be scored with the bits of ONNX Runtime, or null.</summary>
    public string? FindError()
    {
        if (OutputCount is < 1 or > MaxOutputs || Roots.Length is < 1 or > MaxTrees || (long)Leaves.Length * OutputCount > MaxValues)
        {
            return $"{OutputCount} outputs, {Roots.Length} trees, {Leaves.Length} leaves";
        }

        if (Array.FindIndex(Nodes, n => n.Feature < 0 || n.Feature >= FeatureCount || float.IsNaN(n.Threshold)) is >= 0 and var node)
        {
            return $"node {node} compares column {Nodes[node].Feature} with {Nodes[node].Threshold}";
        }

        // ONNX Runtime adds both values of such a leaf, or only the first where there is one output.
        return Array.FindIndex(Leaves, HasDuplicates) is >= 0 and var leaf ? $"leaf {leaf} has two values for an output" : null;
    }

    private static bool HasDuplicates(LeafValue[] leaf) =>
        leaf.Length > 1 && leaf.Select(v => v.Output).Distinct().Count() != leaf.Length;
}
