using Google.Protobuf;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Shared.Contracts.Tests.Onnx;

public sealed class SchemaMismatchTests
{
    public static TheoryData<string> Faults => [.. Spoilers.Keys];

    private static readonly Dictionary<string, Action<ModelProto>> Spoilers = new()
    {
        ["no name"] = m => TinyModel.Remove(m, ModelMetadataKeys.Name),
        ["name that leaves its folder"] = m => TinyModel.Set(m, ModelMetadataKeys.Name, "../tiny"),
        ["no version"] = m => TinyModel.Remove(m, ModelMetadataKeys.Version),
        ["version 0"] = m => TinyModel.Set(m, ModelMetadataKeys.Version, "0"),
        ["version with a sign"] = m => TinyModel.Set(m, ModelMetadataKeys.Version, "+3"),
        ["no schema"] = m => TinyModel.Remove(m, ModelMetadataKeys.Schema),
        ["no schema hash"] = m => TinyModel.Remove(m, ModelMetadataKeys.SchemaHash),
        ["schema changed under its hash"] = m => TinyModel.Set(m, ModelMetadataKeys.Schema, (TinyModel.Schema with { Benign = null }).ToJson()),
        ["schema that is no JSON"] = m => SetSchemaText(m, "{"),
        ["schema with unknown members"] = m => SetSchemaText(m, TinyModel.Schema.ToJson().Replace("{\"inputs\"", "{\"x\":1,\"inputs\"")),
        ["key twice"] = m => m.MetadataProps.Add(new StringStringEntryProto { Key = ModelMetadataKeys.Version, Value = "4" }),
        ["metrics that are no JSON"] = m => TinyModel.Set(m, ModelMetadataKeys.Metrics, "good"),
        ["metrics of no task"] = m => TinyModel.Set(m, ModelMetadataKeys.Metrics, "{}"),
        ["offset of a classifier"] = m => TinyModel.Set(m, ModelMetadataKeys.Offset, "-0.5"),
        ["task with other outputs"] = m => TinyModel.SetSchema(m, TinyModel.Schema with { Task = ModelTask.Scaling }),
        ["anomaly detector with other classes"] = m => TinyModel.SetSchema(m, TinyModel.Schema with { Task = ModelTask.AnomalyDetection }),
        ["class twice"] = m => TinyModel.SetSchema(m, TinyModel.Schema with { Classes = ["normal", "normal"] }),
        ["one class"] = m => TinyModel.SetSchema(m, TinyModel.Schema with { Classes = ["normal"] }),
        ["benign that is no class"] = m => TinyModel.SetSchema(m, TinyModel.Schema with { Benign = "safe" }),
        ["more classes than probabilities"] = m => TinyModel.SetSchema(m, TinyModel.Schema with { Classes = ["normal", "dos", "probe"] }),
        ["input that the graph lacks"] = m => TinyModel.SetSchema(
            m, TinyModel.Schema with { Inputs = [TinyModel.Schema.Inputs[0], new ColumnSpec("service", ColumnType.Category)] }),
        ["input of another type"] = m => TinyModel.SetSchema(
            m, TinyModel.Schema with { Inputs = [TinyModel.Schema.Inputs[0], new ColumnSpec("proto", ColumnType.Number)] }),
        ["input that the schema lacks"] = m => m.Graph.Input.Add(TinyModel.Value("more", DataType.Float, 1)),
        ["input of another width"] = m => m.Graph.Input[0] = TinyModel.Value("bytes", DataType.Float, 2),
        ["input for one row only"] = m => m.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimValue = 1,
        ["no label"] = m => m.Graph.Output.RemoveAt(0),
        ["no probabilities"] = m => m.Graph.Output.RemoveAt(1),
        ["label of another type"] = m => m.Graph.Output[0] = TinyModel.Value("label", DataType.Int64, null),
        ["no golden vectors"] = m => TinyModel.Remove(m, ModelMetadataKeys.Golden),
        ["golden vectors without rows"] = m => TinyModel.SetGolden(m, new GoldenVectors([], [], [], [])),
        ["golden row too narrow"] = m => TinyModel.SetGolden(m, TinyModel.Golden with { Numbers = [[1f], []] }),
        ["golden text that is null"] = m => TinyModel.SetGolden(m, TinyModel.Golden with { Categories = [["tcp"], [null!]] }),
        ["golden number that is required and missing"] = m =>
        {
            TinyModel.SetSchema(
                m, TinyModel.Schema with { Inputs = [TinyModel.Schema.Inputs[0] with { Required = true }, TinyModel.Schema.Inputs[1]] });
            TinyModel.SetGolden(m, TinyModel.Golden with { Numbers = [[1f], [null]] });
        },
        ["golden text that is required and empty"] = m =>
        {
            TinyModel.SetSchema(
                m, TinyModel.Schema with { Inputs = [TinyModel.Schema.Inputs[0], TinyModel.Schema.Inputs[1] with { Required = true }] });
            TinyModel.SetGolden(m, TinyModel.Golden with { Categories = [["tcp"], [""]] });
        },
        ["golden label that is no class"] = m => TinyModel.SetGolden(m, TinyModel.Golden with { Labels = ["normal", "safe"] }),
        ["golden probability that is NaN"] = m => TinyModel.SetGolden(
            m, TinyModel.Golden with { OutputBits = [[TinyModel.Bits(float.NaN), 0], [0, 0]] }),
        ["golden lists of different lengths"] = m => TinyModel.SetGolden(m, TinyModel.Golden with { Labels = ["normal"] }),
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Inspect_MetadataThatDoesNotFit_Refused(string fault)
    {
        ModelProto model = TinyModel.Make();
        Spoilers[fault](model);

        Assert.Equal(RefusalReason.SchemaMismatch, ArtifactInspector.Inspect(model.ToByteArray(), "x").Refusal?.Reason);
    }

    private static void SetSchemaText(ModelProto model, string json)
    {
        TinyModel.Set(model, ModelMetadataKeys.Schema, json);
        TinyModel.Set(model, ModelMetadataKeys.SchemaHash, ModelSchema.ComputeHash(json));
    }
}
