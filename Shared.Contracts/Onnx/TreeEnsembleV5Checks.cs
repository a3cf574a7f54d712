using System.Runtime.InteropServices;
using Google.Protobuf.Collections;

namespace Shared.Contracts.Onnx;

/// <summary>The checks of <see cref="TreeEnsembleChecks"/> for TreeEnsemble of ai.onnx.ml 5, whose leaves stand in lists of their own.</summary>
internal static class TreeEnsembleV5Checks
{
    /// <summary>Set membership, mode 6, reads a second list; no exporter of tree ensembles needs it.</summary>
    private const byte LastMode = 5;

    public static string? FindError(NodeProto node, long? width)
    {
        OperatorAttributes attributes = new(node);
        RepeatedField<long> features = attributes.Integers("nodes_featureids");
        RepeatedField<long> whenTrue = attributes.Integers("nodes_truenodeids");
        RepeatedField<long> whenFalse = attributes.Integers("nodes_falsenodeids");
        RepeatedField<long> trueIsLeaf = attributes.Integers("nodes_trueleafs");
        RepeatedField<long> falseIsLeaf = attributes.Integers("nodes_falseleafs");
        RepeatedField<long> targets = attributes.Integers("leaf_targetids");
        ReadOnlySpan<float> splits = attributes.Floats("nodes_splits");
        ReadOnlySpan<float> weights = attributes.Floats("leaf_weights");
        byte[] modes = Bytes(attributes.Tensor("nodes_modes"));
        int missing = attributes.Integers("nodes_missing_value_tracks_true").Count;
        int count = features.Count;

        if (count == 0 || whenTrue.Count != count || whenFalse.Count != count || trueIsLeaf.Count != count || falseIsLeaf.Count != count
            || splits.Length != count || modes.Length != count || (missing != 0 && missing != count) || targets.Count != weights.Length)
        {
            return "no nodes, or lists of different lengths";
        }

        TreeShape shape = new(count);
        foreach (long root in attributes.Integers("tree_roots"))
        {
            if (root < 0 || root >= count)
            {
                return $"root {root} of {count} nodes";
            }

            shape.AddRoot((int)root);
        }

        for (int i = 0; i < count; i++)
        {
            if (modes[i] > LastMode || float.IsNaN(splits[i]) || features[i] < 0 || features[i] >= (width ?? long.MaxValue))
            {
                return $"node {i} has the mode {modes[i]}, threshold {splits[i]}, column {features[i]}";
            }

            if (!IsWithin(whenTrue[i], trueIsLeaf[i], count, weights.Length) || !IsWithin(whenFalse[i], falseIsLeaf[i], count, weights.Length))
            {
                return $"node {i} leads to a node or leaf that is not there";
            }

            shape.AddBranch(i, trueIsLeaf[i] == 0 ? (int)whenTrue[i] : -1, falseIsLeaf[i] == 0 ? (int)whenFalse[i] : -1);
        }

        long outputCount = attributes.Integer("n_targets") ?? 1;
        if (weights.IndexOfAnyNonFinite() >= 0 || targets.Any(t => t < 0 || t >= outputCount))
        {
            return "a leaf whose value is not finite or whose output is not there";
        }

        return shape.FindError(TreeEnsembleChecks.MaxDepth);
    }

    private static bool IsWithin(long child, long isLeaf, int nodes, int leaves) =>
        isLeaf is 0 or 1 && child >= 0 && child < (isLeaf == 1 ? leaves : nodes);

    private static byte[] Bytes(TensorProto? tensor) => tensor switch
    {
        null => [],
        { HasRawData: true } => tensor.RawData.ToByteArray(),
        _ => [.. tensor.Int32Data.Select(i => i is >= 0 and <= byte.MaxValue ? (byte)i : byte.MaxValue)],
    };
}
