using System.Text.Json;
using Google.Protobuf;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;
using Kind = Shared.Contracts.Onnx.AttributeProto.Types.AttributeType;

namespace Shared.Contracts.Tests.Onnx;

/// <summary>A sound artifact, small enough to be read, for tests to spoil: two inputs, one tree of three nodes.</summary>
internal static class TinyModel
{
    public static readonly ModelSchema Schema = new(
        [new ColumnSpec("bytes", ColumnType.Number), new ColumnSpec("proto", ColumnType.Category)], ["normal", "dos"], "normal");

    public static readonly GoldenVectors Golden = new(
        [[1f], [null]], [["tcp"], [""]], ["normal", "dos"], [[Bits(1), Bits(0)], [Bits(0), Bits(1)]]);

    public static ModelProto Make()
    {
        ModelProto model = new() { IrVersion = 8, Graph = new GraphProto { Name = "tiny" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 3 });
        GraphProto graph = model.Graph;
        graph.Input.Add(Value("bytes", DataType.Float, 1));
        graph.Input.Add(Value("proto", DataType.String, 1));
        graph.Output.Add(Value("label", DataType.String, null));
        graph.Output.Add(Value("probabilities", DataType.Float, 2));
        graph.Node.Add(Node("ai.onnx.ml", "LabelEncoder", ["proto"], "code",
            Texts("keys_strings", "tcp"), Floats("values_floats", 0), new() { Name = "default_float", F = float.NaN, Type = Kind.Float }));
        graph.Node.Add(Node("", "Concat", ["bytes", "code"], "row", Integer("axis", 1)));
        graph.Node.Add(Node("ai.onnx.ml", "TreeEnsembleRegressor", ["row"], "probabilities",
            Integer("n_targets", 2), Floats("base_values", 0, 0),
            Integers("nodes_treeids", 0, 0, 0), Integers("nodes_nodeids", 0, 1, 2), Texts("nodes_modes", "BRANCH_LEQ", "LEAF", "LEAF"),
            Integers("nodes_featureids", 1, 0, 0), Floats("nodes_values", 0.5f, 0, 0),
            Integers("nodes_truenodeids", 1, 0, 0), Integers("nodes_falsenodeids", 2, 0, 0),
            Integers("target_treeids", 0, 0), Integers("target_nodeids", 1, 2), Integers("target_ids", 0, 1), Floats("target_weights", 1, 1)));
        graph.Node.Add(Node("", "ArgMax", ["probabilities"], "index", Integer("axis", 1), Integer("keepdims", 0)));
        graph.Node.Add(Node("ai.onnx.ml", "LabelEncoder", ["index"], "label",
            Integers("keys_int64s", 0, 1), Texts("values_strings", "normal", "dos")));
        Set(model, ModelMetadataKeys.Name, "tiny");
        Set(model, ModelMetadataKeys.Version, "3");
        SetSchema(model, Schema);
        SetGolden(model, Golden);
        Set(model, ModelMetadataKeys.DataDigest, "00ff");
        Set(model, ModelMetadataKeys.Metrics, JsonSerializer.Serialize(new ClassificationMetrics(1, 1, 1, 0, 1, []), ModelJson.Default.ModelMetrics));
        return model;
    }

    public static NodeProto Trees(this ModelProto model) => model.Graph.Node.Single(n => n.OpType == "TreeEnsembleRegressor");

    public static AttributeProto Attribute(this NodeProto node, string name) => node.Attribute.Single(a => a.Name == name);

    public static string? Get(ModelProto model, string key) => model.MetadataProps.SingleOrDefault(p => p.Key == key)?.Value;

    public static void Set(ModelProto model, string key, string? value)
    {
        Remove(model, key);
        model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    public static void Remove(ModelProto model, string key)
    {
        if (model.MetadataProps.SingleOrDefault(p => p.Key == key) is { } entry)
        {
            model.MetadataProps.Remove(entry);
        }
    }

    public static void SetSchema(ModelProto model, ModelSchema schema)
    {
        Set(model, ModelMetadataKeys.Schema, schema.ToJson());
        Set(model, ModelMetadataKeys.SchemaHash, schema.Hash());
    }

    public static void SetGolden(ModelProto model, GoldenVectors golden) =>
        Set(model, ModelMetadataKeys.Golden, JsonSerializer.Serialize(golden, ModelJson.Default.GoldenVectors));

    public static NodeProto Node(string domain, string type, string[] inputs, string output, params AttributeProto[] attributes)
    {
        NodeProto node = new() { Domain = domain, OpType = type };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        return node;
    }

    public static AttributeProto Integer(string name, long value) => new() { Name = name, I = value, Type = Kind.Int };

    public static AttributeProto Integers(string name, params long[] values) => new() { Name = name, Ints = { values }, Type = Kind.Ints };

    public static AttributeProto Floats(string name, params float[] values) => new() { Name = name, Floats = { values }, Type = Kind.Floats };

    public static AttributeProto Texts(string name, params string[] values) =>
        new() { Name = name, Strings = { values.Select(ByteString.CopyFromUtf8) }, Type = Kind.Strings };

    public static ValueInfoProto Value(string name, DataType type, int? columns)
    {
        TensorShapeProto shape = new() { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "rows" } } };
        if (columns is { } count)
        {
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = count });
        }

        return new() { Name = name, Type = new TypeProto { TensorType = new() { ElemType = (int)type, Shape = shape } } };
    }

    public static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);
}
