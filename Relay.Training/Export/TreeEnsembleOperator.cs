using Google.Protobuf;
using Relay.Training.Trees;
using Shared.Contracts.Onnx;

namespace Relay.Training.Export;

/// <summary>Writes an ensemble as the lists of TreeEnsembleRegressor (ai.onnx.ml 3), which ONNX Runtime sums in tree order in
/// float32, base values last. The classifier operator and the newer TreeEnsemble are avoided: both have defects in
/// ONNX Runtime with classes and with post_transform.</summary>
internal sealed class TreeEnsembleOperator
{
    private static readonly ByteString Leaf = ByteString.CopyFromUtf8(OnnxNames.Leaf);
    private static readonly ByteString Branch = ByteString.CopyFromUtf8(OnnxNames.BranchLessOrEqual);

    private readonly TreeEnsemble _ensemble;
    private readonly List<long> _trees = [];
    private readonly List<long> _nodes = [];
    private readonly List<long> _features = [];
    private readonly List<float> _thresholds = [];
    private readonly List<ByteString> _modes = [];
    private readonly List<long> _whenTrue = [];
    private readonly List<long> _whenFalse = [];
    private readonly List<long> _missingTrue = [];
    private readonly List<long> _leafTrees = [];
    private readonly List<long> _leafNodes = [];
    private readonly List<long> _leafOutputs = [];
    private readonly List<float> _leafValues = [];

    private TreeEnsembleOperator(TreeEnsemble ensemble) => _ensemble = ensemble;

    public static AttributeProto[] Attributes(TreeEnsemble ensemble)
    {
        TreeEnsembleOperator lists = new(ensemble);
        for (int tree = 0; tree < ensemble.Trees.Count; tree++)
        {
            lists.Add(tree, ensemble.Trees[tree]);
        }

        return
        [
            OnnxAttribute.Create("aggregate_function", "SUM"),
            OnnxAttribute.Create("post_transform", "NONE"),
            OnnxAttribute.Create("n_targets", ensemble.OutputCount),
            OnnxAttribute.Create("base_values", ensemble.BaseValues),
            OnnxAttribute.Create("nodes_treeids", lists._trees),
            OnnxAttribute.Create("nodes_nodeids", lists._nodes),
            OnnxAttribute.Create("nodes_modes", lists._modes),
            OnnxAttribute.Create("nodes_featureids", lists._features),
            OnnxAttribute.Create("nodes_values", lists._thresholds),
            OnnxAttribute.Create("nodes_truenodeids", lists._whenTrue),
            OnnxAttribute.Create("nodes_falsenodeids", lists._whenFalse),
            OnnxAttribute.Create("nodes_missing_value_tracks_true", lists._missingTrue),
            OnnxAttribute.Create("target_treeids", lists._leafTrees),
            OnnxAttribute.Create("target_nodeids", lists._leafNodes),
            OnnxAttribute.Create("target_ids", lists._leafOutputs),
            OnnxAttribute.Create("target_weights", lists._leafValues),
            .. ensemble.LeafCounts is { } counts
                ? [OnnxAttribute.Create("nodes_hitrates", counts.SelectMany(c => c))]
                : Array.Empty<AttributeProto>(),
        ];
    }

    private void Add(int treeId, Tree tree)
    {
        for (int node = 0; node < tree.NodeCount; node++)
        {
            bool isLeaf = tree.Feature[node] < 0;
            _trees.Add(treeId);
            _nodes.Add(node);
            _modes.Add(isLeaf ? Leaf : Branch);
            _features.Add(isLeaf ? 0 : tree.Feature[node]);
            _thresholds.Add(isLeaf ? 0 : tree.Threshold[node]);
            _whenTrue.Add(isLeaf ? 0 : tree.Left[node]);
            _whenFalse.Add(isLeaf ? 0 : tree.Right[node]);
            _missingTrue.Add(!isLeaf && tree.MissingLeft[node] ? 1 : 0);
            if (isLeaf)
            {
                AddLeaf(treeId, node, tree);
            }
        }
    }

    private void AddLeaf(int treeId, int node, Tree tree)
    {
        if (tree.Output >= 0)
        {
            AddValue(treeId, node, tree.Output, tree.LeafValues[tree.Left[node]]);
            return;
        }

        int before = _leafValues.Count;
        ReadOnlySpan<float> values = tree.LeafValues.AsSpan(tree.Left[node] * _ensemble.OutputCount, _ensemble.OutputCount);
        for (int output = 0; output < values.Length; output++)
        {
            // A zero adds nothing and most leaves of a deep forest are pure: leaving zeros out makes the file far smaller.
            if (values[output] != 0)
            {
                AddValue(treeId, node, output, values[output]);
            }
        }

        if (_leafValues.Count == before)
        {
            AddValue(treeId, node, 0, 0);
        }
    }

    private void AddValue(int treeId, int node, int output, float value)
    {
        _leafTrees.Add(treeId);
        _leafNodes.Add(node);
        _leafOutputs.Add(output);
        _leafValues.Add(value);
    }
}
