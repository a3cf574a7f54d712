using Google.Protobuf.Collections;
using Shared.Contracts.Onnx;

namespace Shared.Scoring.Trees;

/// <summary>Reads the lists of TreeEnsemble (ai.onnx.ml 5): branches in one list, leaves of one value each in another.</summary>
internal static class TreeEnsembleV5Reader
{
    /// <param name="attributes">Of an operator that was inspected.</param>
    /// <param name="width">Columns of the row.</param>
    /// <returns>What cannot be read, or null and the trees.</returns>
    public static string? Read(OperatorAttributes attributes, int width, out SourceTrees? trees)
    {
        trees = null;
        long outputs = attributes.Integer("n_targets") ?? 0;
        if (outputs is < 1 or > int.MaxValue || attributes.Has("membership_values"))
        {
            return $"{outputs} outputs, or set membership";
        }

        if (Leaves(attributes, outputs) is not { } leaves || Nodes(attributes, leaves.Length) is not { } nodes
            || Roots(attributes, nodes) is not { } roots)
        {
            return "lists of other types or lengths, or a tree that is a single leaf";
        }

        trees = new SourceTrees(width, (int)outputs, nodes, leaves, roots);
        return trees.FindError();
    }

    private static LeafValue[][]? Leaves(OperatorAttributes attributes, long outputs)
    {
        RepeatedField<long> targets = attributes.Integers("leaf_targetids");
        ReadOnlySpan<float> weights = attributes.Floats("leaf_weights");
        LeafValue[][] leaves = new LeafValue[weights.Length][];
        for (int i = 0; i < leaves.Length; i++)
        {
            if (targets.Count != leaves.Length || targets[i] < 0 || targets[i] >= outputs)
            {
                return null;
            }

            leaves[i] = [new LeafValue((int)targets[i], weights[i])];
        }

        return leaves;
    }

    private static SplitNode[]? Nodes(OperatorAttributes attributes, int leaves)
    {
        RepeatedField<long> features = attributes.Integers("nodes_featureids");
        RepeatedField<long> missing = attributes.Integers("nodes_missing_value_tracks_true");
        ReadOnlySpan<float> splits = attributes.Floats("nodes_splits");
        ReadOnlySpan<byte> modes = attributes.Tensor("nodes_modes") is { HasRawData: true, DataType: (int)TensorProto.Types.DataType.Uint8 } raw
            ? raw.RawData.Span
            : [];
        SplitNode[] nodes = new SplitNode[features.Count];
        if (splits.Length != nodes.Length || modes.Length != nodes.Length || (missing.Count != 0 && missing.Count != nodes.Length))
        {
            return null;
        }

        for (int i = 0; i < nodes.Length; i++)
        {
            if (modes[i] > (byte)SplitMode.NotEqual
                || Child(attributes, "true", i, nodes.Length, leaves) is not { } whenTrue
                || Child(attributes, "false", i, nodes.Length, leaves) is not { } whenFalse)
            {
                return null;
            }

            int feature = features[i] is >= 0 and <= int.MaxValue ? (int)features[i] : -1;
            nodes[i] = new SplitNode((SplitMode)modes[i], feature, splits[i], missing.Count > 0 && missing[i] == 1, whenTrue, whenFalse);
        }

        return nodes;
    }

    private static int? Child(OperatorAttributes attributes, string side, int node, int nodes, int leaves)
    {
        RepeatedField<long> children = attributes.Integers($"nodes_{side}nodeids");
        RepeatedField<long> areLeaves = attributes.Integers($"nodes_{side}leafs");
        if (children.Count != nodes || areLeaves.Count != nodes)
        {
            return null;
        }

        bool isLeaf = areLeaves[node] != 0;
        return children[node] >= 0 && children[node] < (isLeaf ? leaves : nodes)
            ? isLeaf ? ~(int)children[node] : (int)children[node]
            : null;
    }

    // A root whose children have the same number is a single leaf to ONNX Runtime, even where one is a branch and one a leaf.
    private static int[]? Roots(OperatorAttributes attributes, SplitNode[] nodes)
    {
        RepeatedField<long> roots = attributes.Integers("tree_roots");
        RepeatedField<long> whenTrue = attributes.Integers("nodes_truenodeids");
        RepeatedField<long> whenFalse = attributes.Integers("nodes_falsenodeids");
        return roots.All(r => r >= 0 && r < nodes.Length && whenTrue[(int)r] != whenFalse[(int)r]) ? [.. roots.Select(r => (int)r)] : null;
    }
}
