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
    private readonly AttributeProto _trees = Integers("nodes_treeids");
    private readonly AttributeProto _nodes = Integers("nodes_nodeids");
    private readonly AttributeProto _modes = OnnxAttribute.Create("nodes_modes", Array.Empty<ByteString>());
    private readonly AttributeProto _features = Integers("nodes_featureids");
    private readonly AttributeProto _thresholds = Numbers("nodes_values");
    private readonly AttributeProto _whenTrue = Integers("nodes_truenodeids");
    private readonly AttributeProto _whenFalse = Integers("nodes_falsenodeids");
    private readonly AttributeProto _missingTrue = Integers("nodes_missing_value_tracks_true");
    private readonly AttributeProto _leafTrees = Integers("target_treeids");
    private readonly AttributeProto _leafNodes = Integers("target_nodeids");
    private readonly AttributeProto _leafOutputs = Integers("target_ids");
    private readonly AttributeProto _leafValues = Numbers("target_weights");

    // Large forests have millions of nodes: lists are filled where they are written from, and have their size from the start.
    private TreeEnsembleOperator(TreeEnsemble ensemble)
    {
        _ensemble = ensemble;
        int nodes = ensemble.NodeCount;
        foreach (AttributeProto list in (AttributeProto[])[_trees, _nodes, _features, _whenTrue, _whenFalse, _missingTrue])
        {
            list.Ints.Capacity = nodes;
        }

        _modes.Strings.Capacity = nodes;
        _thresholds.Floats.Capacity = nodes;
    }

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
            lists._trees,
            lists._nodes,
            lists._modes,
            lists._features,
            lists._thresholds,
            lists._whenTrue,
            lists._whenFalse,
            lists._missingTrue,
            lists._leafTrees,
            lists._leafNodes,
            lists._leafOutputs,
            lists._leafValues,
            .. ensemble.LeafCounts is { } counts
                ? [OnnxAttribute.Create("nodes_hitrates", counts.SelectMany(c => c))]
                : Array.Empty<AttributeProto>(),
        ];
    }

    private static AttributeProto Integers(string name) => OnnxAttribute.Create(name, Array.Empty<long>());

    private static AttributeProto Numbers(string name) => OnnxAttribute.Create(name, Array.Empty<float>());

    private void Add(int treeId, Tree tree)
    {
        for (int node = 0; node < tree.NodeCount; node++)
        {
            bool isLeaf = tree.Feature[node] < 0;
            _trees.Ints.Add(treeId);
            _nodes.Ints.Add(node);
            _modes.Strings.Add(isLeaf ? Leaf : Branch);
            _features.Ints.Add(isLeaf ? 0 : tree.Feature[node]);
            _thresholds.Floats.Add(isLeaf ? 0 : tree.Threshold[node]);
            _whenTrue.Ints.Add(isLeaf ? 0 : tree.Left[node]);
            _whenFalse.Ints.Add(isLeaf ? 0 : tree.Right[node]);
            _missingTrue.Ints.Add(!isLeaf && tree.MissingLeft[node] ? 1 : 0);
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

        int before = _leafValues.Floats.Count;
        ReadOnlySpan<float> values = tree.LeafValues.AsSpan(tree.Left[node] * _ensemble.OutputCount, _ensemble.OutputCount);
        for (int output = 0; output < values.Length; output++)
        {
            // A zero adds nothing and most leaves of a deep forest are pure: leaving zeros out makes the file far smaller.
            if (values[output] != 0)
            {
                AddValue(treeId, node, output, values[output]);
            }
        }

        if (_leafValues.Floats.Count == before)
        {
            AddValue(treeId, node, 0, 0);
        }
    }

    private void AddValue(int treeId, int node, int output, float value)
    {
        _leafTrees.Ints.Add(treeId);
        _leafNodes.Ints.Add(node);
        _leafOutputs.Ints.Add(output);
        _leafValues.Floats.Add(value);
    }
}
