using Shared.Contracts.Onnx.Trees;

namespace Shared.Scoring.Trees;

/// <summary>Finds chains of equality splits that ONNX Runtime merges into one set when it loads a model: "x is 1, else x is 2" with equal
/// subtrees where it holds. The merged split follows the flag for missing values of the first one only, and it compares subtrees less
/// strictly than their answers, so the answers can differ from those of the chain that the file holds.</summary>
internal static class EqualityChains
{
    /// <summary>Whether ONNX Runtime may merge splits of the trees. It errs on the side of yes.</summary>
    public static bool MayMerge(SourceTrees trees) => Array.Exists(trees.Nodes, node =>
        node is { Mode: SplitMode.Equal, WhenFalse: >= 0 }
        && trees.Nodes[node.WhenFalse] is { Mode: SplitMode.Equal } next
        && node.Feature == next.Feature && IsWhole(node.Threshold) && IsWhole(next.Threshold)
        && MayBeEqual(trees, node.WhenTrue, next.WhenTrue));

    private static bool IsWhole(float threshold) => MathF.Floor(threshold) == threshold;

    // Flags for missing values are not compared, and of leaves the values without their outputs.
    private static bool MayBeEqual(SourceTrees trees, int left, int right)
    {
        Stack<(int Left, int Right)> open = new([(left, right)]);
        while (open.TryPop(out (int Left, int Right) pair))
        {
            if (pair.Left == pair.Right)
            {
                continue;
            }

            if (pair.Left < 0 && pair.Right < 0)
            {
                if (!HaveACommonValue(trees.Leaf(~pair.Left), trees.Leaf(~pair.Right)))
                {
                    return false;
                }

                continue;
            }

            if (pair.Left < 0 || pair.Right < 0)
            {
                return false;
            }

            (SplitNode a, SplitNode b) = (trees.Nodes[pair.Left], trees.Nodes[pair.Right]);
            if (a.Mode != b.Mode || a.Feature != b.Feature || a.Threshold != b.Threshold)
            {
                return false;
            }

            open.Push((a.WhenTrue, b.WhenTrue));
            open.Push((a.WhenFalse, b.WhenFalse));
        }

        return true;
    }

    private static bool HaveACommonValue(ReadOnlySpan<LeafValue> left, ReadOnlySpan<LeafValue> right)
    {
        foreach (LeafValue value in left)
        {
            foreach (LeafValue other in right)
            {
                if (value.Value == other.Value)
                {
                    return true;
                }
            }
        }

        return left.IsEmpty || right.IsEmpty;
    }
}
