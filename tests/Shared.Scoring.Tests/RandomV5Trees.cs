using Google.Protobuf;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Tests;

/// <summary>Random trees in the lists of TreeEnsemble (ai.onnx.ml 5).</summary>
internal sealed class RandomV5Trees
{
    private readonly Random _random;
    private readonly int _features;
    private readonly int _outputs;
    private readonly byte[] _modeNumbers;
    private readonly List<long> _roots = [];
    private readonly List<long> _columns = [];
    private readonly List<float> _splits = [];
    private readonly List<byte> _modes = [];
    private readonly List<long> _missing = [];
    private readonly List<long>[] _children = [[], []];
    private readonly List<long>[] _areLeaves = [[], []];
    private readonly List<long> _targets = [];
    private readonly List<float> _weights = [];

    /// <param name="modes">Numbers from 0 to 5, drawn from for every branch.</param>
    public RandomV5Trees(int seed, int features, int outputs, int trees, int depth, byte[] modes)
    {
        (_random, _features, _outputs, _modeNumbers) = (new Random(seed), features, outputs, modes);

        // Leaf 0 belongs to no tree, so that no root has a branch and a leaf of the same number.
        Leaf(0);
        for (int tree = 0; tree < trees; tree++)
        {
            _roots.Add(Branch(tree, depth));
        }
    }

    public AttributeProto[] Attributes() =>
    [
        GraphBuilder.Set("n_targets", _outputs), GraphBuilder.Set("tree_roots", _roots), GraphBuilder.Set("nodes_featureids", _columns),
        GraphBuilder.Set("nodes_splits", Floats(_splits)), GraphBuilder.Set("nodes_modes", Modes()),
        GraphBuilder.Set("nodes_missing_value_tracks_true", _missing),
        GraphBuilder.Set("nodes_truenodeids", _children[0]), GraphBuilder.Set("nodes_falsenodeids", _children[1]),
        GraphBuilder.Set("nodes_trueleafs", _areLeaves[0]), GraphBuilder.Set("nodes_falseleafs", _areLeaves[1]),
        GraphBuilder.Set("leaf_targetids", _targets), GraphBuilder.Set("leaf_weights", Floats(_weights)),
    ];

    private int Branch(int tree, int levels)
    {
        int at = _columns.Count;
        _columns.Add(_random.Next(_features));
        _splits.Add(TestRows.Values[_random.Next(TestRows.Values.Count)]);
        _modes.Add(_modeNumbers[_random.Next(_modeNumbers.Length)]);
        _missing.Add(_random.Next(2));
        foreach (int side in (int[])[0, 1])
        {
            _children[side].Add(0);
            _areLeaves[side].Add(0);
        }

        foreach (int side in (int[])[0, 1])
        {
            bool isLeaf = levels <= 1 || _random.Next(5) == 0;
            _areLeaves[side][at] = isLeaf ? 1 : 0;
            _children[side][at] = isLeaf ? Leaf(tree) : Branch(tree, levels - 1);
        }

        return at;
    }

    private int Leaf(int tree)
    {
        _targets.Add(tree % _outputs);
        _weights.Add((_random.NextSingle() - 0.5f) * 2);
        return _weights.Count - 1;
    }

    private static TensorProto Floats(List<float> values)
    {
        TensorProto tensor = new() { DataType = (int)DataType.Float };
        tensor.Dims.Add(values.Count);
        tensor.FloatData.AddRange(values);
        return tensor;
    }

    private TensorProto Modes()
    {
        TensorProto tensor = new() { DataType = (int)DataType.Uint8, RawData = ByteString.CopyFrom([.. _modes]) };
        tensor.Dims.Add(_modes.Count);
        return tensor;
    }
}
