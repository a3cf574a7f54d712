using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Shared.Contracts.Onnx.Trees;

/// <summary>Reads the lists of TreeEnsembleRegressor and TreeEnsembleClassifier (ai.onnx.ml 1 to 4): one entry per node, leaves
/// among them, and beside them what each leaf adds.</summary>
/// <param name="prefix">"target" or "class": how the lists of leaf values are called.</param>
/// <param name="width">Columns of the row; null where the graph does not tell.</param>
internal sealed class TreeEnsembleV1Reader(OperatorAttributes attributes, string prefix, long? width)
{
    private readonly RepeatedField<ByteString> _modes = attributes.Texts("nodes_modes");
    private readonly RepeatedField<long> _trees = attributes.Integers("nodes_treeids");
    private readonly NodePositions _positions = new();

    // By position: the number of the branch, or ~ the number of the leaf.
    private int[] _numbers = [];
    private readonly List<int> _roots = [];
    private SplitNode[] _nodes = [];
    private int _leafCount;
    private LeafValue[] _values = [];
    private int[] _starts = [];

    /// <returns>Why the lists are malformed, or null and the trees.</returns>
    public string? Read(out SourceTrees? trees)
    {
        trees = null;
        long outputs = prefix == "target" ? attributes.Integer("n_targets") ?? 1 : attributes.ClassCount;
        string? error = CheckLengths()
            ?? _positions.Add(_trees, attributes.Integers("nodes_nodeids"))
            ?? NumberNodes()
            ?? ReadNodes()
            ?? TreeShape.FindError(_nodes, _roots, _leafCount, lengths: [])
            ?? ReadValues(outputs)
            ?? (attributes.Floats("base_values").IndexOfAnyNonFinite() >= 0 ? "a base value is not finite" : null);
        if (error is null)
        {
            int features = (int)Math.Min(width ?? int.MaxValue, int.MaxValue);
            trees = new SourceTrees(features, (int)Math.Clamp(outputs, 0, int.MaxValue), _nodes, _values, _starts, [.. _roots])
            {
                LeafShares = ReadShares(),
            };
        }

        return error;
    }

    private string? CheckLengths()
    {
        string weights = $"{prefix}_weights";
        if (new[] { "nodes_values", "base_values", weights }.FirstOrDefault(attributes.IsAmbiguous) is { } twice)
        {
            return $"{twice} is given twice";
        }

        int count = _modes.Count;
        string? wrong = new[] { "nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_truenodeids", "nodes_falsenodeids" }
            .FirstOrDefault(name => attributes.Integers(name).Count != count);
        wrong ??= attributes.Floats("nodes_values").Length == count ? null : "nodes_values";
        wrong ??= attributes.Integers("nodes_missing_value_tracks_true").Count is var flags && (flags == 0 || flags == count)
            ? null
            : "nodes_missing_value_tracks_true";
        int values = attributes.Integers($"{prefix}_ids").Count;
        wrong ??= new[] { $"{prefix}_treeids", $"{prefix}_nodeids" }.FirstOrDefault(name => attributes.Integers(name).Count != values);
        wrong ??= attributes.Floats(weights).Length == values ? null : weights;
        return count == 0 ? "no nodes" : wrong is null ? null : $"{wrong} has another length than the lists that belong to it";
    }

    // Branches and leaves are numbered apart; the first node of a tree is its root.
    private string? NumberNodes()
    {
        _numbers = new int[_modes.Count];
        int branches = 0;
        for (int i = 0; i < _numbers.Length; i++)
        {
            _numbers[i] = _modes[i].Span.SequenceEqual("LEAF"u8) ? ~_leafCount++ : branches++;
            if (i == 0 || _trees[i] != _trees[i - 1])
            {
                _roots.Add(_numbers[i]);
            }
        }

        _nodes = new SplitNode[branches];
        return null;
    }

    private string? ReadNodes()
    {
        RepeatedField<long> features = attributes.Integers("nodes_featureids");
        RepeatedField<long> whenTrue = attributes.Integers("nodes_truenodeids");
        RepeatedField<long> whenFalse = attributes.Integers("nodes_falsenodeids");
        RepeatedField<long> missing = attributes.Integers("nodes_missing_value_tracks_true");
        ReadOnlySpan<float> thresholds = attributes.Floats("nodes_values");
        long featureCount = width ?? long.MaxValue;
        for (int i = 0; i < _numbers.Length; i++)
        {
            if (_numbers[i] < 0)
            {
                continue;
            }

            if (Mode(_modes[i].Span) is not { } mode || float.IsNaN(thresholds[i]) || features[i] < 0 || features[i] >= featureCount)
            {
                return $"node {i} has the mode '{_modes[i].ToStringUtf8()}', threshold {thresholds[i]}, column {features[i]}";
            }

            if (!_positions.TryFind(_trees[i], whenTrue[i], out int left) || !_positions.TryFind(_trees[i], whenFalse[i], out int right))
            {
                return $"node {i} leads to a node that its tree does not have";
            }

            _nodes[_numbers[i]] = new SplitNode(
                mode, (int)Math.Min(features[i], int.MaxValue), thresholds[i], missing.Count > 0 && missing[i] == 1,
                _numbers[left], _numbers[right]);
        }

        return null;
    }

    private string? ReadValues(long outputs)
    {
        RepeatedField<long> trees = attributes.Integers($"{prefix}_treeids");
        RepeatedField<long> nodes = attributes.Integers($"{prefix}_nodeids");
        RepeatedField<long> ids = attributes.Integers($"{prefix}_ids");
        ReadOnlySpan<float> weights = attributes.Floats($"{prefix}_weights");
        int[] leaves = new int[weights.Length];
        _starts = new int[_leafCount + 1];
        for (int i = 0; i < leaves.Length; i++)
        {
            if (!_positions.TryFind(trees[i], nodes[i], out int at) || _numbers[at] >= 0)
            {
                return $"value {i} belongs to node {nodes[i]} of tree {trees[i]}, which is not a leaf";
            }

            if (ids[i] < 0 || ids[i] >= outputs || !float.IsFinite(weights[i]))
            {
                return $"value {i} is {weights[i]} for output {ids[i]} of {outputs}";
            }

            leaves[i] = ~_numbers[at];
            _starts[leaves[i] + 1]++;
        }

        for (int leaf = 0; leaf < _leafCount; leaf++)
        {
            _starts[leaf + 1] += _starts[leaf];
        }

        int[] next = _starts[..^1];
        _values = new LeafValue[leaves.Length];
        for (int i = 0; i < leaves.Length; i++)
        {
            _values[next[leaves[i]]++] = new LeafValue((int)Math.Min(ids[i], int.MaxValue), weights[i]);
        }

        return null;
    }

    // No score depends on them: where one is not finite, or the list has another length, they count as absent.
    private float[]? ReadShares()
    {
        ReadOnlySpan<float> rates = attributes.Floats("nodes_hitrates");
        if (rates.Length != _numbers.Length)
        {
            return null;
        }

        float[] shares = new float[_leafCount];
        for (int i = 0; i < rates.Length; i++)
        {
            if (!(rates[i] >= 0 && float.IsFinite(rates[i])))
            {
                return null;
            }

            if (_numbers[i] < 0)
            {
                shares[~_numbers[i]] = rates[i];
            }
        }

        return shares;
    }

    // Compares bytes: a string for each of thousands of nodes would cost more than all else here.
    private static SplitMode? Mode(ReadOnlySpan<byte> mode) => mode switch
    {
        _ when mode.SequenceEqual("BRANCH_LEQ"u8) => SplitMode.LessOrEqual,
        _ when mode.SequenceEqual("BRANCH_LT"u8) => SplitMode.Less,
        _ when mode.SequenceEqual("BRANCH_GTE"u8) => SplitMode.GreaterOrEqual,
        _ when mode.SequenceEqual("BRANCH_GT"u8) => SplitMode.Greater,
        _ when mode.SequenceEqual("BRANCH_EQ"u8) => SplitMode.Equal,
        _ when mode.SequenceEqual("BRANCH_NEQ"u8) => SplitMode.NotEqual,
        _ => null,
    };
}
