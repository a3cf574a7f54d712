using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Shared.Contracts.Onnx;

/// <summary>Checks every tree ensemble operator node by node: ONNX Runtime follows node ids and column numbers without
/// looking, and adds NaN up silently.</summary>
internal static class TreeEnsembleChecks
{
    /// <summary>ONNX Runtime builds trees by recursion; a chain of nodes could end its stack.</summary>
    public const int MaxDepth = 512;

    public static string? FindError(GraphProto graph)
    {
        Dictionary<string, long> widths = RowWidths.Infer(graph);
        foreach (NodeProto node in graph.Node.Where(n => n.Domain == OnnxNames.MachineLearning))
        {
            long? width = node.Input.Count > 0 && widths.TryGetValue(node.Input[0], out long known) ? known : null;
            string? error = node.OpType switch
            {
                OnnxNames.TreeEnsembleRegressor => ListTensors.FindError(node) ?? new Trees(node, "target", width).FindError(),
                OnnxNames.TreeEnsembleClassifier => ListTensors.FindError(node) ?? new Trees(node, "class", width).FindError(),
                OnnxNames.TreeEnsemble => ListTensors.FindError(node) ?? TreeEnsembleV5Checks.FindError(node, width),
                _ => null,
            };
            if (error is not null)
            {
                return $"{node.OpType}: {error}";
            }
        }

        return null;
    }

    /// <summary>The trees of one operator. Nodes of a tree stand together, its root first.</summary>
    private sealed class Trees(NodeProto node, string prefix, long? width)
    {
        private readonly OperatorAttributes _attributes = new(node);
        private readonly Dictionary<(long Tree, long Node), int> _positions = [];
        private RepeatedField<ByteString> _modes = [];

        public string? FindError()
        {
            _modes = _attributes.Texts("nodes_modes");
            return Lengths() ?? Positions() ?? Nodes() ?? Leaves();
        }

        private string? Lengths()
        {
            if (new[] { "nodes_values", "base_values", $"{prefix}_weights" }.FirstOrDefault(_attributes.IsAmbiguous) is { } twice)
            {
                return $"{twice} stands twice";
            }

            int count = _modes.Count;
            string? wrong = new[] { "nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_truenodeids", "nodes_falsenodeids" }
                .FirstOrDefault(name => _attributes.Integers(name).Count != count);
            wrong ??= _attributes.Floats("nodes_values").Length == count ? null : "nodes_values";
            wrong ??= _attributes.Integers("nodes_missing_value_tracks_true").Count is var n && (n == 0 || n == count)
                ? null
                : "nodes_missing_value_tracks_true";
            int leaves = _attributes.Integers($"{prefix}_ids").Count;
            wrong ??= new[] { $"{prefix}_treeids", $"{prefix}_nodeids" }
                .FirstOrDefault(name => _attributes.Integers(name).Count != leaves);
            wrong ??= _attributes.Floats($"{prefix}_weights").Length == leaves ? null : $"{prefix}_weights";
            return count == 0 ? "no nodes" : wrong is null ? null : $"{wrong} has another length than the lists that go with it";
        }

        private string? Positions()
        {
            RepeatedField<long> trees = _attributes.Integers("nodes_treeids");
            RepeatedField<long> ids = _attributes.Integers("nodes_nodeids");
            HashSet<long> seen = [];
            for (int i = 0; i < trees.Count; i++)
            {
                if ((i == 0 || trees[i] != trees[i - 1]) && !seen.Add(trees[i]))
                {
                    return $"the nodes of tree {trees[i]} do not stand together";
                }

                if (!_positions.TryAdd((trees[i], ids[i]), i))
                {
                    return $"node {ids[i]} of tree {trees[i]} stands twice";
                }
            }

            return null;
        }

        private string? Nodes()
        {
            RepeatedField<long> trees = _attributes.Integers("nodes_treeids");
            RepeatedField<long> features = _attributes.Integers("nodes_featureids");
            RepeatedField<long> whenTrue = _attributes.Integers("nodes_truenodeids");
            RepeatedField<long> whenFalse = _attributes.Integers("nodes_falsenodeids");
            ReadOnlySpan<float> thresholds = _attributes.Floats("nodes_values");
            TreeShape shape = new(trees.Count);
            for (int i = 0; i < trees.Count; i++)
            {
                if (i == 0 || trees[i] != trees[i - 1])
                {
                    shape.AddRoot(i);
                }

                if (_modes[i].Span.SequenceEqual("LEAF"u8))
                {
                    continue;
                }

                if (!IsBranch(_modes[i]) || float.IsNaN(thresholds[i]) || features[i] < 0 || features[i] >= (width ?? long.MaxValue))
                {
                    return $"node {i} has the mode '{_modes[i].ToStringUtf8()}', threshold {thresholds[i]}, column {features[i]}";
                }

                if (!_positions.TryGetValue((trees[i], whenTrue[i]), out int left)
                    || !_positions.TryGetValue((trees[i], whenFalse[i]), out int right))
                {
                    return $"node {i} leads to a node that its tree does not have";
                }

                shape.AddBranch(i, left, right);
            }

            return shape.FindError(MaxDepth);
        }

        private string? Leaves()
        {
            RepeatedField<long> trees = _attributes.Integers($"{prefix}_treeids");
            RepeatedField<long> nodes = _attributes.Integers($"{prefix}_nodeids");
            RepeatedField<long> outputs = _attributes.Integers($"{prefix}_ids");
            ReadOnlySpan<float> weights = _attributes.Floats($"{prefix}_weights");
            long outputCount = prefix == "target" ? _attributes.Integer("n_targets") ?? 1 : _attributes.ClassCount;
            for (int i = 0; i < weights.Length; i++)
            {
                if (!_positions.TryGetValue((trees[i], nodes[i]), out int at) || !_modes[at].Span.SequenceEqual("LEAF"u8))
                {
                    return $"value {i} belongs to node {nodes[i]} of tree {trees[i]}, which is not a leaf";
                }

                if (outputs[i] < 0 || outputs[i] >= outputCount || !float.IsFinite(weights[i]))
                {
                    return $"value {i} is {weights[i]} for output {outputs[i]} of {outputCount}";
                }
            }

            return _attributes.Floats("base_values") is var bases && bases.IndexOfAnyNonFinite() >= 0 ? "a base value is not finite" : null;
        }

        private static bool IsBranch(ByteString mode) =>
            mode.Span.SequenceEqual("BRANCH_LEQ"u8) || mode.Span.SequenceEqual("BRANCH_LT"u8)
            || mode.Span.SequenceEqual("BRANCH_GTE"u8) || mode.Span.SequenceEqual("BRANCH_GT"u8)
            || mode.Span.SequenceEqual("BRANCH_EQ"u8) || mode.Span.SequenceEqual("BRANCH_NEQ"u8);
    }
}
