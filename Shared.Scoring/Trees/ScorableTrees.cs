using Shared.Contracts.Onnx;
using Shared.Contracts.Onnx.Trees;

namespace Shared.Scoring.Trees;

/// <summary>Reads the trees of an operator, and refuses well-formed ones that the scorer cannot score with the bits of ONNX Runtime.</summary>
internal static class ScorableTrees
{
    /// <summary>More outputs than any model of this project has; leaves with a value for each stay small.</summary>
    private const int MaxOutputs = 4096;

    /// <summary>Above what boosting of 1,000 classes in 1,000 rounds makes; a file of the maximum length holds few more.</summary>
    public const int MaxTrees = 1 << 20;

    /// <summary>Limit of leaf values, 128 MB: one for each leaf of a tree that adds to one output, else one per output.</summary>
    public const long MaxValues = 1 << 25;

    /// <summary>Why <see cref="ForestBuilder"/> gave up.</summary>
    public static readonly string TooLarge = $"more than {MaxValues} leaf values, or splits by equality that make trees too large";

    /// <param name="width">Columns of the row.</param>
    /// <returns>Why the trees cannot be scored, or null and the trees.</returns>
    public static string? Read(NodeProto node, OperatorAttributes attributes, int width, out SourceTrees? trees)
    {
        if (node.OpType != OnnxNames.TreeEnsembleClassifier && attributes.Integer("n_targets") is null)
        {
            trees = null;
            return "no number of outputs";
        }

        return TreeEnsembleReader.Read(node, attributes, width, out trees)
            ?? (Array.Exists(trees!.Nodes, n => n.Mode is SplitMode.Member) ? "set membership" : null)
            ?? FindError(trees!)
            ?? (node.OpType == OnnxNames.TreeEnsemble ? FindV5Error(attributes, trees!) : null);
    }

    private static string? FindError(SourceTrees trees)
    {
        if (trees.OutputCount is < 1 or > MaxOutputs || trees.Roots.Length is < 1 or > MaxTrees)
        {
            return $"{trees.OutputCount} outputs, {trees.Roots.Length} trees, {trees.LeafCount} leaves";
        }

        if (EqualityChains.MayMerge(trees))
        {
            return "a chain of splits by equality that lead to equal subtrees";
        }

        for (int leaf = 0; leaf < trees.LeafCount; leaf++)
        {
            // ONNX Runtime adds both values of such a leaf, or only the first where there is one output.
            if (HasDuplicates(trees.Leaf(leaf)))
            {
                return $"leaf {leaf} has two values for an output";
            }

            // With one output ONNX Runtime takes the entry of nodes_values for a leaf without a value of its own.
            if (trees.OutputCount == 1 && trees.Leaf(leaf).IsEmpty)
            {
                return "a leaf without a value";
            }
        }

        return null;
    }

    private static string? FindV5Error(OperatorAttributes attributes, SourceTrees trees)
    {
        if (attributes.Tensor("nodes_modes") is not { HasRawData: true, DataType: (int)TensorProto.Types.DataType.Uint8 })
        {
            return "modes that are not raw bytes";
        }

        // A root whose children have the same number is a single leaf to ONNX Runtime, even where one is a branch and one a leaf.
        return Array.Exists(trees.Roots, root => Number(trees.Nodes[root].WhenTrue) == Number(trees.Nodes[root].WhenFalse))
            ? "a tree that is a single leaf"
            : null;
    }

    private static int Number(int child) => child < 0 ? ~child : child;

    private static bool HasDuplicates(ReadOnlySpan<LeafValue> leaf)
    {
        if (leaf.Length < 2)
        {
            return false;
        }

        HashSet<int> outputs = [];
        foreach (LeafValue value in leaf)
        {
            if (!outputs.Add(value.Output))
            {
                return true;
            }
        }

        return false;
    }
}
