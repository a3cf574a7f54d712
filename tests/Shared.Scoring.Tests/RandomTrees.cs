using Shared.Contracts.Onnx;

namespace Shared.Scoring.Tests;

/// <summary>Random trees in the lists of ai.onnx.ml 1 to 4, of any mode.</summary>
internal sealed class RandomTrees
{
    public static readonly string[] Modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];

    private readonly Random _random;
    private readonly int _features;
    private readonly string[] _modes;
    private readonly Func<Random, int, int[]> _outputsOfLeaf;
    private readonly Func<Random, float> _weight;
    private readonly List<long> _trees = [];
    private readonly List<long> _nodes = [];
    private readonly List<long> _columns = [];
    private readonly List<float> _thresholds = [];
    private readonly List<string> _nodeModes = [];
    private readonly List<long> _whenTrue = [];
    private readonly List<long> _whenFalse = [];
    private readonly List<long> _missing = [];
    private readonly List<long> _leafTrees = [];
    private readonly List<long> _leafNodes = [];
    private readonly List<long> _leafOutputs = [];
    private readonly List<float> _leafValues = [];

    /// <param name="modes">Drawn from for every branch.</param>
    /// <param name="outputsOfLeaf">Which outputs a leaf of a tree names.</param>
    public RandomTrees(
        int seed, int features, int trees, int depth, string[] modes, Func<Random, int, int[]> outputsOfLeaf, Func<Random, float>? weight = null)
    {
        (_random, _features, _modes, _outputsOfLeaf) = (new Random(seed), features, modes, outputsOfLeaf);
        _weight = weight ?? (r => (r.NextSingle() - 0.5f) * 2);
        for (int tree = 0; tree < trees; tree++)
        {
            int next = 0;
            Node(tree, depth, ref next);
        }
    }

    /// <param name="prefix">"target" or "class".</param>
    public AttributeProto[] Attributes(string prefix) =>
    [
        GraphBuilder.Set("nodes_treeids", _trees), GraphBuilder.Set("nodes_nodeids", _nodes), GraphBuilder.Set("nodes_featureids", _columns),
        GraphBuilder.Set("nodes_values", _thresholds), GraphBuilder.Set("nodes_modes", _nodeModes), GraphBuilder.Set("nodes_truenodeids", _whenTrue),
        GraphBuilder.Set("nodes_falsenodeids", _whenFalse), GraphBuilder.Set("nodes_missing_value_tracks_true", _missing),
        GraphBuilder.Set($"{prefix}_treeids", _leafTrees), GraphBuilder.Set($"{prefix}_nodeids", _leafNodes),
        GraphBuilder.Set($"{prefix}_ids", _leafOutputs), GraphBuilder.Set($"{prefix}_weights", _leafValues),
    ];

    private long Node(int tree, int levels, ref int next)
    {
        int id = next++;
        int at = _nodes.Count;
        bool isLeaf = levels == 0 || _random.Next(6) == 0;
        _trees.Add(tree);
        _nodes.Add(id);
        _columns.Add(isLeaf ? 0 : _random.Next(_features));
        _thresholds.Add(isLeaf ? 0 : TestRows.Values[_random.Next(TestRows.Values.Count)]);
        _nodeModes.Add(isLeaf ? "LEAF" : _modes[_random.Next(_modes.Length)]);
        _missing.Add(isLeaf ? 0 : _random.Next(2));
        _whenTrue.Add(0);
        _whenFalse.Add(0);
        if (isLeaf)
        {
            foreach (int output in _outputsOfLeaf(_random, tree))
            {
                _leafTrees.Add(tree);
                _leafNodes.Add(id);
                _leafOutputs.Add(output);
                _leafValues.Add(_weight(_random));
            }
        }
        else
        {
            _whenTrue[at] = Node(tree, levels - 1, ref next);
            _whenFalse[at] = Node(tree, levels - 1, ref next);
        }

        return id;
    }
}
