using Google.Protobuf;
using Shared.Contracts.Onnx;

namespace Shared.Contracts.Tests.Onnx;

public sealed class MalformedGraphTests
{
    public static TheoryData<string> Faults => [.. Spoilers.Keys];

    private static readonly Dictionary<string, Action<ModelProto>> Spoilers = new()
    {
        ["no graph"] = m => m.Graph = null,
        ["operator set twice"] = m => m.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 16 }),
        ["input twice"] = m => m.Graph.Input.Add(m.Graph.Input[0].Clone()),
        ["constant named as an input"] = m => m.Graph.Initializer.Add(new TensorProto { Name = "bytes" }),
        ["operator before what it needs"] = m => Swap(m, 0, 1),
        ["operator that nothing feeds"] = m => m.Graph.Node[1].Input[0] = "elsewhere",
        ["tensor given twice"] = m => m.Graph.Node[1].Output[0] = "code",
        ["attribute twice"] = m => m.Trees().Attribute.Add(m.Trees().Attribute("nodes_values").Clone()),
        ["output that nothing gives"] = m => m.Graph.Output[0].Name = "elsewhere",
        ["no nodes"] = m => m.Trees().Attribute.Clear(),
        ["node cycle"] = m => Edit(m, "nodes_truenodeids", 0, 0),
        ["node with two parents"] = m => Edit(m, "nodes_truenodeids", 0, 2),
        ["dangling child"] = m => Edit(m, "nodes_falsenodeids", 0, 7),
        ["negative child"] = m => Edit(m, "nodes_falsenodeids", 0, -1),
        ["node twice"] = m => Edit(m, "nodes_nodeids", 2, 1),
        ["node without a parent"] = m => m.Trees().Attribute("nodes_modes").Strings[0] = ByteString.CopyFromUtf8("LEAF"),
        ["trees mixed"] = m => Edit(m, "nodes_treeids", 1, 5),
        ["feature beyond the row"] = m => Edit(m, "nodes_featureids", 0, 2),
        ["negative feature"] = m => Edit(m, "nodes_featureids", 0, -1),
        ["unknown mode"] = m => m.Trees().Attribute("nodes_modes").Strings[0] = ByteString.CopyFromUtf8("BRANCH_MEMBER"),
        ["NaN threshold"] = m => m.Trees().Attribute("nodes_values").Floats[0] = float.NaN,
        ["NaN leaf"] = m => m.Trees().Attribute("target_weights").Floats[1] = float.NaN,
        ["infinite leaf"] = m => m.Trees().Attribute("target_weights").Floats[1] = float.PositiveInfinity,
        ["NaN base value"] = m => m.Trees().Attribute("base_values").Floats[1] = float.NaN,
        ["leaf for an output that is not there"] = m => Edit(m, "target_ids", 1, 2),
        ["value on a branch"] = m => Edit(m, "target_nodeids", 1, 0),
        ["value on no node"] = m => Edit(m, "target_treeids", 1, 4),
        ["thresholds too few"] = m => m.Trees().Attribute("nodes_values").Floats.RemoveAt(2),
        ["modes too many"] = m => m.Trees().Attribute("nodes_modes").Strings.Add(ByteString.CopyFromUtf8("LEAF")),
        ["weights too few"] = m => m.Trees().Attribute("target_weights").Floats.RemoveAt(1),
        ["missing flags too few"] = m => m.Trees().Attribute.Add(TinyModel.Integers("nodes_missing_value_tracks_true", 1)),
        ["thresholds both as list and tensor"] = m => m.Trees().Attribute.Add(new AttributeProto { Name = "nodes_values_as_tensor" }),
        ["chain of a thousand nodes"] = MakeChain,
    };

    [Theory]
    [MemberData(nameof(Faults))]
    [Trait("Attack", "malformed-protobuf")]
    public void Inspect_MalformedGraph_Refused(string fault)
    {
        ModelProto model = TinyModel.Make();
        Spoilers[fault](model);

        Assert.Equal(RefusalReason.OnnxMalformed, ArtifactInspector.Inspect(model.ToByteArray(), "x").Refusal?.Reason);
    }

    private static void Edit(ModelProto model, string attribute, int index, long value) =>
        model.Trees().Attribute(attribute).Ints[index] = value;

    private static void Swap(ModelProto model, int a, int b) =>
        (model.Graph.Node[a], model.Graph.Node[b]) = (model.Graph.Node[b].Clone(), model.Graph.Node[a].Clone());

    private static void MakeChain(ModelProto model)
    {
        const int Branches = 1000;
        long[] ids = [.. Enumerable.Range(0, (2 * Branches) + 1).Select(i => (long)i)];
        Set("nodes_nodeids", i => i);
        Set("nodes_treeids", _ => 0);
        Set("nodes_featureids", _ => 0);
        Set("nodes_truenodeids", i => i < Branches ? i + 1 : 0);
        Set("nodes_falsenodeids", i => i < Branches ? Branches + 1 + i : 0);
        model.Trees().Attribute("nodes_values").Floats.Clear();
        model.Trees().Attribute("nodes_values").Floats.AddRange(ids.Select(_ => 0f));
        model.Trees().Attribute("nodes_modes").Strings.Clear();
        model.Trees().Attribute("nodes_modes").Strings.AddRange(
            ids.Select(i => ByteString.CopyFromUtf8(i < Branches ? "BRANCH_LEQ" : "LEAF")));
        Edit(model, "target_nodeids", 0, Branches);
        Edit(model, "target_nodeids", 1, Branches + 1);

        void Set(string name, Func<long, long> value)
        {
            model.Trees().Attribute(name).Ints.Clear();
            model.Trees().Attribute(name).Ints.AddRange(ids.Select(value));
        }
    }
}
