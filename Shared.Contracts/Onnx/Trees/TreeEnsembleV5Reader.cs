using Google.Protobuf.Collections;

namespace Shared.Contracts.Onnx.Trees;

/// <summary>Reads the lists of TreeEnsemble (ai.onnx.ml 5): branches in one list, leaves of one value each in another.</summary>
/// <param name="width">Columns of the row; null where the graph does not tell.</param>
internal sealed class TreeEnsembleV5Reader(OperatorAttributes attributes, long? width)
{
    private readonly RepeatedField<long> _features = attributes.Integers("nodes_featureids");
    private readonly List<int> _roots = [];
    private SplitNode[] _nodes = [];

    // Per branch, the values of its set; 1 for the other modes. ONNX Runtime makes a comparison of each.
    private int[] _lengths = [];
    private LeafValue[] _values = [];

    /// <returns>Why the lists are malformed, or null and the trees.</returns>
    public string? Read(out SourceTrees? trees)
    {
        trees = null;
        long outputs = attributes.Integer("n_targets") ?? 1;
        string? error = ReadValues(outputs) ?? ReadNodes() ?? ReadSets() ?? ReadRoots()
            ?? TreeShape.FindError(_nodes, _roots, leaves: 0, _lengths);
        if (error is null)
        {
            int features = (int)Math.Min(width ?? int.MaxValue, int.MaxValue);
            int[] starts = [.. Enumerable.Range(0, _values.Length + 1)];
            trees = new SourceTrees(features, (int)Math.Clamp(outputs, 0, int.MaxValue), _nodes, _values, starts, [.. _roots]);
        }

        return error;
    }

    private string? ReadValues(long outputs)
    {
        RepeatedField<long> targets = attributes.Integers("leaf_targetids");
        ReadOnlySpan<float> weights = attributes.Floats("leaf_weights");
        if (targets.Count != weights.Length)
        {
            return $"{targets.Count} outputs of leaves with {weights.Length} values";
        }

        _values = new LeafValue[weights.Length];
        for (int i = 0; i < _values.Length; i++)
        {
            if (!float.IsFinite(weights[i]) || targets[i] < 0 || targets[i] >= outputs)
            {
                return $"leaf {i} is {weights[i]} for output {targets[i]} of {outputs}";
            }

            _values[i] = new LeafValue((int)Math.Min(targets[i], int.MaxValue), weights[i]);
        }

        return null;
    }

    private string? ReadNodes()
    {
        RepeatedField<long> whenTrue = attributes.Integers("nodes_truenodeids");
        RepeatedField<long> whenFalse = attributes.Integers("nodes_falsenodeids");
        RepeatedField<long> trueIsLeaf = attributes.Integers("nodes_trueleafs");
        RepeatedField<long> falseIsLeaf = attributes.Integers("nodes_falseleafs");
        RepeatedField<long> missing = attributes.Integers("nodes_missing_value_tracks_true");
        ReadOnlySpan<float> splits = attributes.Floats("nodes_splits");
        byte[] modes = ReadModes(attributes.Tensor("nodes_modes"));
        int count = _features.Count;
        if (count == 0 || whenTrue.Count != count || whenFalse.Count != count || trueIsLeaf.Count != count || falseIsLeaf.Count != count
            || splits.Length != count || modes.Length != count || (missing.Count != 0 && missing.Count != count))
        {
            return "no nodes, or lists of different lengths";
        }

        long featureCount = width ?? long.MaxValue;
        _nodes = new SplitNode[count];
        for (int i = 0; i < count; i++)
        {
            if (modes[i] > (byte)SplitMode.Member || float.IsNaN(splits[i]) || _features[i] < 0 || _features[i] >= featureCount)
            {
                return $"node {i} has the mode {modes[i]}, threshold {splits[i]}, column {_features[i]}";
            }

            if (Child(whenTrue[i], trueIsLeaf[i]) is not { } left || Child(whenFalse[i], falseIsLeaf[i]) is not { } right)
            {
                return $"node {i} leads to a node or leaf that does not exist";
            }

            int feature = (int)Math.Min(_features[i], int.MaxValue);
            _nodes[i] = new SplitNode((SplitMode)modes[i], feature, splits[i], missing.Count > 0 && missing[i] == 1, left, right);
        }

        return null;
    }

    // The sets of all branches that test membership stand in one list, in the order of the branches; NaN ends each. ONNX Runtime reads
    // them without checks.
    private string? ReadSets()
    {
        ReadOnlySpan<float> values = attributes.Floats("membership_values");
        _lengths = new int[_nodes.Length];
        for (int i = 0; i < _nodes.Length; i++)
        {
            _lengths[i] = 1;
            if (_nodes[i].Mode is not SplitMode.Member)
            {
                continue;
            }

            int length = values.IndexOf(float.NaN);
            if (length < 1)
            {
                return $"node {i} tests membership in a set that is empty or has no end";
            }

            _lengths[i] = length;
            values = values[(length + 1)..];
        }

        return values.IsEmpty ? null : "membership_values has more sets than there are nodes that test membership";
    }

    private string? ReadRoots()
    {
        foreach (long root in attributes.Integers("tree_roots"))
        {
            if (root < 0 || root >= _nodes.Length)
            {
                return $"root {root} of {_nodes.Length} nodes";
            }

            _roots.Add((int)root);
        }

        return null;
    }

    private int? Child(long child, long isLeaf) => isLeaf switch
    {
        0 when child >= 0 && child < _nodes.Length => (int)child,
        1 when child >= 0 && child < _values.Length => ~(int)child,
        _ => null,
    };

    private static byte[] ReadModes(TensorProto? tensor) => tensor switch
    {
        null => [],
        { HasRawData: true } => tensor.RawData.ToByteArray(),
        _ => [.. tensor.Int32Data.Select(i => i is >= 0 and <= byte.MaxValue ? (byte)i : byte.MaxValue)],
    };
}
