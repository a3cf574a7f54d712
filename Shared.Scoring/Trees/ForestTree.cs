namespace Shared.Scoring.Trees;

/// <summary>One tree as parallel arrays over its branches. A row goes left when its value is at most the threshold, or is NaN
/// and the branch says so; otherwise right. A child below 0 is a leaf: leaf ~child.</summary>
internal sealed class ForestTree
{
    /// <summary>The root: branch 0, or ~0 for a tree that is a single leaf.</summary>
    public int Root => Feature.Length == 0 ? ~0 : 0;

    public required int[] Feature { get; init; }

    /// <summary>With NaN, every number goes right: no number is at most NaN.</summary>
    public required float[] Threshold { get; init; }

    public required bool[] MissingLeft { get; init; }

    public required int[] Left { get; init; }

    public required int[] Right { get; init; }

    /// <summary>The one output that the leaves add to, or -1 where a leaf has a value for each output.</summary>
    public required int Output { get; init; }

    /// <summary>Leaf after leaf: one value, or one per output when <see cref="Output"/> is -1.</summary>
    public required float[] LeafValues { get; init; }

    /// <summary>Per leaf, the share of training rows that ended there; null where the file does not tell. Used by explanations, never by
    /// scores.</summary>
    public float[]? LeafShares { get; init; }
}
