using Google.Protobuf;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;
using Kind = Shared.Contracts.Onnx.AttributeProto.Types.AttributeType;

namespace Shared.Contracts.Tests.Onnx.Trees;

/// <summary>TreeEnsemble of ai.onnx.ml 5, as other exporters write it.</summary>
public sealed class TreeEnsembleV5ReaderTests
{
    public static TheoryData<string> Faults => [.. Spoilers.Keys];

    private static readonly Dictionary<string, Action<NodeProto>> Spoilers = new()
    {
        ["root that is not there"] = n => n.Attribute("tree_roots").Ints[0] = 2,
        ["no root"] = n => n.Attribute("tree_roots").Ints.Clear(),
        ["node cycle"] = n => n.Attribute("nodes_truenodeids").Ints[1] = Branch(n, "nodes_trueleafs", 1, 0),
        ["child that is not there"] = n => n.Attribute("nodes_falsenodeids").Ints[0] = 9,
        ["leaf that is not there"] = n => n.Attribute("nodes_truenodeids").Ints[1] = 3,
        ["neither node nor leaf"] = n => n.Attribute("nodes_trueleafs").Ints[0] = 2,
        ["feature beyond the row"] = n => n.Attribute("nodes_featureids").Ints[1] = 2,
        ["NaN threshold"] = n => n.Attribute("nodes_splits").T.FloatData[0] = float.NaN,
        ["NaN leaf"] = n => n.Attribute("leaf_weights").T.FloatData[2] = float.NaN,
        ["output that is not there"] = n => n.Attribute("leaf_targetids").Ints[2] = 2,
        ["unknown mode"] = n => n.Attribute("nodes_modes").T.RawData = ByteString.CopyFrom(0, 6),
        ["modes too few"] = n => n.Attribute("nodes_modes").T.RawData = ByteString.CopyFrom(0),
        ["splits of a cut value"] = n =>
            n.Attribute("nodes_splits").T = new() { DataType = 1, Dims = { 2 }, RawData = ByteString.CopyFrom(1, 2, 3, 4, 5) },
        ["leaves without a dimension"] = n => n.Attribute("leaf_weights").T.Dims.Clear(),
        ["leaves fewer than their dimension"] = n => n.Attribute("leaf_weights").T.Dims[0] = 4,
        ["splits in two dimensions"] = n => n.Attribute("nodes_splits").T.Dims.Insert(0, 1),
        ["set without values"] = n => MakeSet(n, [float.NaN]),
        ["set without an end"] = n => MakeSet(n, [1, 2]),
        ["set of no node"] = n => MakeSet(n, [1, 2, float.NaN, 3, float.NaN]),
        ["no nodes"] = n => n.Attribute.Clear(),
    };

    [Fact]
    public void Inspect_SoundTrees_Accepted()
    {
        Result<ArtifactDescription> verdict = ArtifactInspector.Inspect(Make().ToByteArray(), "x");

        Assert.True(verdict.IsAccepted, verdict.Refusal?.Detail);
    }

    [Fact]
    public void Inspect_SetMembership_Accepted()
    {
        ModelProto model = Make();
        MakeSet(Trees(model), [1, 2, float.NaN]);

        Assert.True(ArtifactInspector.Inspect(model.ToByteArray(), "x").IsAccepted);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    [Trait("Attack", "malformed-protobuf")]
    public void Inspect_MalformedTrees_Refused(string fault)
    {
        ModelProto model = Make();
        Spoilers[fault](Trees(model));

        Assert.Equal(RefusalReason.OnnxMalformed, ArtifactInspector.Inspect(model.ToByteArray(), "x").Refusal?.Reason);
    }

    private static NodeProto Trees(ModelProto model) => model.Graph.Node.Single(n => n.OpType == "TreeEnsemble");

    /// <summary>Two branches, three leaves: 0 -> (1, leaf 0), 1 -> (leaf 1, leaf 2).</summary>
    private static ModelProto Make()
    {
        ModelProto model = TinyModel.Make();
        NodeProto trees = model.Trees();
        trees.OpType = "TreeEnsemble";
        trees.Attribute.Clear();
        trees.Attribute.Add(
        [
            TinyModel.Integer("n_targets", 2), TinyModel.Integers("tree_roots", 0), TinyModel.Integers("nodes_featureids", 0, 1),
            TinyModel.Integers("nodes_truenodeids", 1, 1), TinyModel.Integers("nodes_trueleafs", 0, 1),
            TinyModel.Integers("nodes_falsenodeids", 0, 2), TinyModel.Integers("nodes_falseleafs", 1, 1),
            TinyModel.Integers("leaf_targetids", 0, 1, 0),
            Tensor("nodes_splits", new() { DataType = (int)DataType.Float, Dims = { 2 }, FloatData = { 0.5f, 1.5f } }),
            Tensor("leaf_weights", new() { DataType = (int)DataType.Float, Dims = { 3 }, FloatData = { 1, 1, 1 } }),
            Tensor("nodes_modes", new() { DataType = (int)DataType.Uint8, Dims = { 2 }, RawData = ByteString.CopyFrom(0, 0) }),
        ]);
        return model;
    }

    private static AttributeProto Tensor(string name, TensorProto tensor) => new() { Name = name, T = tensor, Type = Kind.Tensor };

    // The second branch tests membership in a set.
    private static void MakeSet(NodeProto node, float[] values)
    {
        node.Attribute("nodes_modes").T.RawData = ByteString.CopyFrom(0, 6);
        node.Attribute.Add(Tensor("membership_values", new() { DataType = (int)DataType.Float, Dims = { values.Length }, FloatData = { values } }));
    }

    private static long Branch(NodeProto node, string flag, int index, long child)
    {
        node.Attribute(flag).Ints[index] = 0;
        return child;
    }
}
