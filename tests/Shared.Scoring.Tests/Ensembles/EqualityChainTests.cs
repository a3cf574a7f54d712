using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Shared.Contracts.Onnx;
using Shared.Contracts.Onnx.Trees;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Scoring.Tests.Ensembles;

/// <summary>ONNX Runtime rewrites chains of splits by equality when it loads a model. Small random graphs with few thresholds, few leaf
/// values and nodes that branches share: the managed scorer gives ONNX Runtime's bits, or leaves the graph to it.</summary>
public sealed class EqualityChainTests
{
    private const int Features = 2;

    [Fact]
    public void Run_RandomGraphsOfTheFirstOperator_SameBitsOrLeftToOnnxRuntime() => AssertForAll(3_000, seed =>
    {
        NodeLists lists = new(new Random(seed), IsShared(seed));
        return GraphBuilder.Matrix(Features)
            .Learning(OnnxNames.TreeEnsembleRegressor, "x", "y", [GraphBuilder.Set("n_targets", 1 + (seed % 2)), .. lists.Attributes(
                "target", 1 + (seed % 2))])
            .Output("y").Build();
    });

    [Fact]
    public void Run_RandomGraphsOfTheNewerOperator_SameBitsOrLeftToOnnxRuntime() => AssertForAll(2_000, seed =>
    {
        NodeLists lists = new(new Random(seed), IsShared(seed));
        return GraphBuilder.Matrix(Features, learning: 5)
            .Learning(OnnxNames.TreeEnsemble, "x", "y", lists.AttributesV5()).Output("y").Build();
    });

    private static bool IsShared(int seed) => seed % 3 == 0;

    private static void AssertForAll(int count, Func<int, ModelProto> create)
    {
        int scored = 0;
        int left = 0;
        for (int seed = 0; seed < count; seed++)
        {
            ModelProto model = create(seed);
            if (TreeEnsembleReader.FindError(model.Graph) is not null)
            {
                continue;
            }

            if (SameBits.TryCompile(model, "y", out _) is not null)
            {
                left++;
                continue;
            }

            try
            {
                SameBits.AssertEqual(model, "y", Rows);
                scored++;
            }
            catch (OnnxRuntimeException) when (IsShared(seed))
            {
                // Not every graph with shared nodes is one that ONNX Runtime loads.
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e.Message}");
            }
        }

        Assert.True(scored > count / 4, $"{scored} scored, {left} left to ONNX Runtime, of {count}");
        Assert.True(left > 0, "no chain was left to ONNX Runtime");
    }

    // Every threshold and what lies between and beyond, and missing values.
    private static readonly TestRows Rows = Grid(
        [float.NaN, -1, 0, -0f, 1, 1.5f, 2, 3, 4, 32, 33, 64, 65, 1e10f, float.PositiveInfinity, float.NegativeInfinity]);

    private static TestRows Grid(float[] values) =>
        new(values.Length * values.Length, [.. values.SelectMany(a => values.SelectMany(b => new[] { a, b }))], []);

    private sealed class NodeLists
    {
        private static readonly float[] Thresholds = [1, 2, 3, 4, 0, -1, 1.5f, 32, 33, 64];
        private static readonly string[] Modes = ["BRANCH_EQ", "BRANCH_EQ", "BRANCH_EQ", "BRANCH_EQ", "BRANCH_NEQ", "BRANCH_LEQ", "BRANCH_GT"];

        private readonly Random _random;
        private readonly bool _isShared;
        private readonly List<(int Tree, int Id, string Mode, int Feature, float Threshold, int Missing, int WhenTrue, int WhenFalse,
                float Value)> _nodes =
            [];

        public NodeLists(Random random, bool isShared)
        {
            (_random, _isShared) = (random, isShared);
            for (int tree = 0; tree < 1 + random.Next(3); tree++)
            {
                AddTree(tree);
            }
        }

        public AttributeProto[] Attributes(string prefix, int outputs)
        {
            var leaves = _nodes.Where(n => n.Mode == "LEAF").SelectMany(n => Enumerable.Range(0, outputs).Select(o => (Node: n, Output: o))).ToList();
            return
            [
                GraphBuilder.Set("nodes_treeids", _nodes.Select(n => (long)n.Tree)), GraphBuilder.Set(
                    "nodes_nodeids", _nodes.Select(n => (long)n.Id)),
                GraphBuilder.Set("nodes_featureids", _nodes.Select(n => (long)n.Feature)), GraphBuilder.Set(
                    "nodes_values", _nodes.Select(n => n.Threshold)),
                GraphBuilder.Set("nodes_modes", _nodes.Select(n => n.Mode)), GraphBuilder.Set(
                    "nodes_truenodeids", _nodes.Select(n => (long)n.WhenTrue)),
                GraphBuilder.Set("nodes_falsenodeids", _nodes.Select(n => (long)n.WhenFalse)),
                GraphBuilder.Set("nodes_missing_value_tracks_true", _nodes.Select(n => (long)n.Missing)),
                GraphBuilder.Set($"{prefix}_treeids", leaves.Select(l => (long)l.Node.Tree)), GraphBuilder.Set(
                    $"{prefix}_nodeids", leaves.Select(l => (long)l.Node.Id)),
                GraphBuilder.Set($"{prefix}_ids", leaves.Select(l => (long)l.Output)),
                GraphBuilder.Set($"{prefix}_weights", leaves.Select(l => l.Output == 0 ? l.Node.Value : l.Node.Value + (l.Node.Id % 2))),
            ];
        }

        public AttributeProto[] AttributesV5()
        {
            var branches = _nodes.Where(n => n.Mode != "LEAF").ToList();
            var leaves = _nodes.Where(n => n.Mode == "LEAF").ToList();
            Dictionary<(int, int), int> branchAt = branches.Index().ToDictionary(b => (b.Item.Tree, b.Item.Id), b => b.Index);
            Dictionary<(int, int), int> leafAt = leaves.Index().ToDictionary(b => (b.Item.Tree, b.Item.Id), b => b.Index + 1);
            string[] names = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];
            byte[] modes = [.. branches.Select(b => (byte)Array.IndexOf(names, b.Mode))];
            return
            [
                GraphBuilder.Set("n_targets", 1L), GraphBuilder.Set(
                    "tree_roots", branches.Where(b => b.Id == 0).Select(b => (long)branchAt[(b.Tree, 0)])),
                GraphBuilder.Set("nodes_featureids", branches.Select(b => (long)b.Feature)), GraphBuilder.Set(
                    "nodes_splits", Floats([.. branches.Select(b => b.Threshold)])),
                GraphBuilder.Set("nodes_modes", Bytes(modes)), GraphBuilder.Set(
                    "nodes_missing_value_tracks_true", branches.Select(b => (long)b.Missing)),
                GraphBuilder.Set("nodes_truenodeids", branches.Select(b => Child(b.Tree, b.WhenTrue))), GraphBuilder.Set(
                    "nodes_falsenodeids", branches.Select(b => Child(b.Tree, b.WhenFalse))),
                GraphBuilder.Set("nodes_trueleafs", branches.Select(b => IsLeaf(b.Tree, b.WhenTrue))), GraphBuilder.Set(
                    "nodes_falseleafs", branches.Select(b => IsLeaf(b.Tree, b.WhenFalse))),
                // Leaf 0 belongs to no tree, so that no root has a branch and a leaf of the same number.
                GraphBuilder.Set("leaf_targetids", Enumerable.Repeat(0L, leaves.Count + 1)), GraphBuilder.Set(
                    "leaf_weights", Floats([0, .. leaves.Select(l => l.Value)])),
            ];

            long Child(int tree, int id) => leafAt.TryGetValue((tree, id), out int leaf) ? leaf : branchAt[(tree, id)];
            long IsLeaf(int tree, int id) => leafAt.ContainsKey((tree, id)) ? 1 : 0;
        }

        // The false child of a node is the next one, as ONNX Runtime lays nodes out.
        private void AddTree(int tree)
        {
            int next = 0;
            List<int> done = [];
            Node(4, ref next);

            int Node(int levels, ref int next)
            {
                int id = next++;
                int at = _nodes.Count;
                bool isLeaf = id > 0 && (levels == 0 || _random.Next(4) == 0);
                _nodes.Add((tree, id, isLeaf ? "LEAF" : Modes[_random.Next(Modes.Length)], isLeaf ? 0 : _random.Next(8) == 0 ? 1 : 0,
                    isLeaf ? 0 : Thresholds[_random.Next(Thresholds.Length)], isLeaf ? 0 : _random.Next(2), 0, 0, (_random.Next(3) * 10) + 1));
                if (!isLeaf)
                {
                    int whenFalse = Node(levels - 1, ref next);
                    int whenTrue = _isShared && done.Count > 0 && _random.Next(2) == 0
                        ? done[_random.Next(done.Count)] : Node(_random.Next(3) == 0 ? levels - 1 : 0, ref next);
                    _nodes[at] = _nodes[at] with { WhenTrue = whenTrue, WhenFalse = whenFalse };
                }

                done.Add(id);
                return id;
            }
        }

        private static TensorProto Floats(float[] values)
        {
            TensorProto tensor = new() { DataType = (int)DataType.Float };
            tensor.Dims.Add(values.Length);
            tensor.FloatData.AddRange(values);
            return tensor;
        }

        private static TensorProto Bytes(byte[] values)
        {
            TensorProto tensor = new() { DataType = (int)DataType.Uint8, RawData = ByteString.CopyFrom(values) };
            tensor.Dims.Add(values.Length);
            return tensor;
        }
    }
}
