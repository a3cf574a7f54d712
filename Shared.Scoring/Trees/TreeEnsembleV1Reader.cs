using Google.Protobuf;
using Google.Protobuf.Collections;
using Shared.Contracts.Onnx;

namespace Shared.Scoring.Trees;

/// <summary>Reads the lists of TreeEnsembleRegressor and TreeEnsembleClassifier (ai.onnx.ml 1 to 4): one entry per node, leaves
/// among them, and beside them what each leaf adds.</summary>
internal sealed class TreeEnsembleV1Reader(OperatorAttributes attributes, string prefix)
{
    private readonly SplitMode?[] _modes = [.. attributes.Texts("nodes_modes").Select(Mode)];
    private readonly Dictionary<(long Tree, long Node), int> _children = [];
    private readonly List<SplitNode> _nodes = [];
    private readonly List<int> _roots = [];
    private LeafValue[][] _leaves = [];

    /// <param name="attributes">Of an operator that was inspected.</param>
    /// <param name="prefix">"target" or "class".</param>
    /// <param name="width">Columns of the row.</param>
    /// <returns>What cannot be read, or null and the trees.</returns>
    public static string? Read(OperatorAttributes attributes, string prefix, int width, long outputs, out SourceTrees? trees)
    {
        trees = null;
        if (outputs is < 1 or > int.MaxValue)
        {
            return $"{outputs} outputs";
        }

        TreeEnsembleV1Reader lists = new(attributes, prefix);
        string? fault = lists.Number() ?? lists.Fill() ?? lists.Weigh(outputs);
        trees = new SourceTrees(width, (int)outputs, [.. lists._nodes], lists._leaves, [.. lists._roots])
        {
            LeafShares = lists.Shares(),
        };
        return fault ?? trees.FindError();
    }

    /// <summary>A mode of ai.onnx.ml 1 to 4, or null for a leaf. Without a text for each of thousands of nodes.</summary>
    private static SplitMode? Mode(ByteString mode) => mode.Span switch
    {
        var m when m.SequenceEqual("BRANCH_LEQ"u8) => SplitMode.LessOrEqual,
        var m when m.SequenceEqual("BRANCH_LT"u8) => SplitMode.Less,
        var m when m.SequenceEqual("BRANCH_GTE"u8) => SplitMode.GreaterOrEqual,
        var m when m.SequenceEqual("BRANCH_GT"u8) => SplitMode.Greater,
        var m when m.SequenceEqual("BRANCH_EQ"u8) => SplitMode.Equal,
        var m when m.SequenceEqual("BRANCH_NEQ"u8) => SplitMode.NotEqual,
        _ => null,
    };

    // Numbers branches and leaves apart; the first node of a tree is its root.
    private string? Number()
    {
        RepeatedField<long> trees = attributes.Integers("nodes_treeids");
        RepeatedField<long> ids = attributes.Integers("nodes_nodeids");
        _children.EnsureCapacity(_modes.Length);
        int branches = 0;
        int leaves = 0;
        for (int i = 0; i < _modes.Length; i++)
        {
            int number = _modes[i] is null ? ~leaves++ : branches++;
            if (!_children.TryAdd((trees[i], ids[i]), number))
            {
                return $"node {ids[i]} of tree {trees[i]} stands twice";
            }

            if (i == 0 || trees[i] != trees[i - 1])
            {
                _roots.Add(number);
            }
        }

        _nodes.EnsureCapacity(branches);
        _leaves = new LeafValue[leaves][];
        return null;
    }

    private string? Fill()
    {
        RepeatedField<long> trees = attributes.Integers("nodes_treeids");
        RepeatedField<long> features = attributes.Integers("nodes_featureids");
        RepeatedField<long> whenTrue = attributes.Integers("nodes_truenodeids");
        RepeatedField<long> whenFalse = attributes.Integers("nodes_falsenodeids");
        RepeatedField<long> missing = attributes.Integers("nodes_missing_value_tracks_true");
        ReadOnlySpan<float> thresholds = attributes.Floats("nodes_values");
        if (thresholds.Length != _modes.Length)
        {
            return "nodes_values are no list of float32";
        }

        for (int i = 0; i < _modes.Length; i++)
        {
            if (_modes[i] is not { } mode)
            {
                continue;
            }

            if (!_children.TryGetValue((trees[i], whenTrue[i]), out int left)
                || !_children.TryGetValue((trees[i], whenFalse[i]), out int right))
            {
                return $"node {i} leads to a node that its tree does not have";
            }

            int feature = features[i] is >= 0 and <= int.MaxValue ? (int)features[i] : -1;
            _nodes.Add(new SplitNode(mode, feature, thresholds[i], missing.Count > 0 && missing[i] == 1, left, right));
        }

        return null;
    }

    // No score hangs on them: what is not finite or does not fit is as good as not there.
    private float[]? Shares()
    {
        float[] rates = attributes.Floats("nodes_hitrates").ToArray();
        return rates.Length == _modes.Length && Array.TrueForAll(rates, r => r >= 0 && float.IsFinite(r))
            ? [.. rates.Where((_, i) => _modes[i] is null)]
            : null;
    }

    private string? Weigh(long outputs)
    {
        RepeatedField<long> trees = attributes.Integers($"{prefix}_treeids");
        RepeatedField<long> nodes = attributes.Integers($"{prefix}_nodeids");
        RepeatedField<long> ids = attributes.Integers($"{prefix}_ids");
        ReadOnlySpan<float> weights = attributes.Floats($"{prefix}_weights");
        int[] leaves = new int[weights.Length];
        int[] counts = new int[_leaves.Length];
        for (int i = 0; i < leaves.Length; i++)
        {
            if (!_children.TryGetValue((trees[i], nodes[i]), out int leaf) || leaf >= 0 || ids[i] < 0 || ids[i] >= outputs)
            {
                return $"value {i} belongs to no leaf or no output";
            }

            leaves[i] = ~leaf;
            counts[~leaf]++;
        }

        for (int leaf = 0; leaf < counts.Length; leaf++)
        {
            _leaves[leaf] = counts[leaf] == 0 ? [] : new LeafValue[counts[leaf]];
        }

        // From the last one, so that counting down keeps the order of the file.
        for (int i = leaves.Length - 1; i >= 0; i--)
        {
            _leaves[leaves[i]][--counts[leaves[i]]] = new LeafValue((int)ids[i], weights[i]);
        }

        // With one output ONNX Runtime takes what stands in nodes_values of a leaf that has no value of its own.
        return outputs == 1 && Array.Exists(_leaves, l => l.Length == 0) ? "a leaf without a value" : null;
    }
}
