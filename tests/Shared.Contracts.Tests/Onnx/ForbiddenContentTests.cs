using Google.Protobuf;
using Shared.Contracts.Onnx;

namespace Shared.Contracts.Tests.Onnx;

public sealed class ForbiddenContentTests
{
    public static TheoryData<string> Attacks => [.. Spoilers.Keys];

    private static readonly Dictionary<string, Action<ModelProto>> Spoilers = new()
    {
        ["constant with external data"] = m => m.Graph.Initializer.Add(External()),
        ["constant marked external"] = m => m.Graph.Initializer.Add(
            new TensorProto { Name = "w", DataLocation = TensorProto.Types.DataLocation.External }),
        ["external data in an attribute"] = m => m.Trees().Attribute.Add(new AttributeProto { Name = "extra", T = External() }),
        ["external data in a list of tensors"] = m => m.Trees().Attribute.Add(new AttributeProto { Name = "extra", Tensors = { External() } }),
        ["external data in a nested graph"] = m => m.Trees().Attribute.Add(
            new AttributeProto { Name = "body", G = new GraphProto { Initializer = { External() } } }),
        ["nested graph"] = m => m.Trees().Attribute.Add(new AttributeProto { Name = "body", G = new GraphProto() }),
        ["nested graphs"] = m => m.Trees().Attribute.Add(new AttributeProto { Name = "bodies", Graphs = { new GraphProto() } }),
        ["function"] = m => m.Functions.Add(new FunctionProto { Name = "f" }),
        ["training graph"] = m => m.TrainingInfo.Add(new TrainingInfoProto()),
        ["sparse constant"] = m => m.Graph.SparseInitializer.Add(new SparseTensorProto()),
        ["sparse attribute"] = m => m.Trees().Attribute.Add(new AttributeProto { Name = "s", SparseTensor = new SparseTensorProto() }),
        ["sparse attributes"] = m => m.Trees().Attribute.Add(new AttributeProto { Name = "s", SparseTensors = { new SparseTensorProto() } }),
        ["foreign operator"] = m => m.Graph.Node.Add(TinyModel.Node("com.example", "RunShell", ["row"], "out")),
        ["operator of ONNX Runtime's own domain"] = m => m.Graph.Node.Add(TinyModel.Node("com.microsoft", "Gelu", ["row"], "out")),
        ["foreign operator set"] = m => m.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.example", Version = 1 }),
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    [Trait("Attack", "external-data")]
    [Trait("Attack", "custom-operators")]
    public void Inspect_ForbiddenPart_Refused(string attack)
    {
        ModelProto model = TinyModel.Make();
        Spoilers[attack](model);

        Assert.Equal(RefusalReason.OnnxForbidden, ArtifactInspector.Inspect(model.ToByteArray(), "x").Refusal?.Reason);
    }

    private static TensorProto External() => new()
    {
        Name = "w",
        DataType = 1,
        ExternalData = { new StringStringEntryProto { Key = "location", Value = "../../etc/passwd" } },
    };
}
