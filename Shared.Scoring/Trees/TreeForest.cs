namespace Shared.Scoring.Trees;

/// <summary>Trees in the one form that kernels take, whatever operator they came from. Leaf values add up to one raw score per
/// output, in tree order and in float32, base values last: the order of one-threaded ONNX Runtime, and so its bits.</summary>
/// <param name="FeatureCount">Width of a row.</param>
/// <param name="OutputCount">Raw scores per row.</param>
/// <param name="Trees">In the order in which ONNX Runtime adds them up.</param>
/// <param name="BaseValues">One per output, added after all trees.</param>
internal sealed record TreeForest(int FeatureCount, int OutputCount, IReadOnlyList<ForestTree> Trees, float[] BaseValues)
{
    public int NodeCount => Trees.Sum(t => t.Feature.Length);
}

/// <summary>One tree as parallel arrays over its branches. A row goes left when its value is at most the threshold, or is NaN
/// and the branch says so; else right. A child below 0 is a leaf: leaf ~child.</summary>
internal sealed class ForestTree
{
    /// <summary>Where the tree starts: branch 0, or ~0 for a tree that is a single leaf.</summary>
    public int Root => Feature.Length == 0 ? ~0 : 0;

    public required int[] Feature { get; init; }

    /// <summary>NaN, which no value is at most, sends every number right.</summary>
    public required float[] Threshold { get; init; }

    public required bool[] MissingLeft { get; init; }

    public required int[] Left { get; init; }

    public required int[] Right { get; init; }

    /// <summary>The one output that the leaves add to, or -1 where a leaf has a value for each output.</summary>
    public required int Output { get; init; }

    /// <summary>Leaf after leaf: one value, or one per output when <see cref="Output"/> is -1.</summary>
    public required float[] LeafValues { get; init; }

    /// <summary>Per leaf, the share of training rows that ended there; null where the file does not tell. Explains, never scores.</summary>
    public float[]? LeafShares { get; init; }
}
