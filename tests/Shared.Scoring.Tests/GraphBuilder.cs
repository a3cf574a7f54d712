using Google.Protobuf;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;
using Kind = Shared.Contracts.Onnx.AttributeProto.Types.AttributeType;

namespace Shared.Scoring.Tests;

/// <summary>Writes a graph operator by operator, as foreign exporters do. Every output of an operator can be an output of the graph.</summary>
internal sealed class GraphBuilder
{
    private readonly GraphProto _graph = new() { Name = "test" };
    private readonly long _standard;
    private readonly long _learning;

    /// <param name="standard">Version of the general operators.</param>
    /// <param name="learning">Version of ai.onnx.ml.</param>
    public GraphBuilder(long standard = 17, long learning = 3) => (_standard, _learning) = (standard, learning);

    /// <summary>One input of float32, [rows, width].</summary>
    public static GraphBuilder Matrix(int width, long standard = 17, long learning = 3) =>
        new GraphBuilder(standard, learning).Input("x", DataType.Float, width);

    public IReadOnlyList<string> Inputs => [.. _graph.Input.Select(i => i.Name)];

    public GraphBuilder Input(string name, DataType type, int width = 1)
    {
        _graph.Input.Add(Value(name, type, 2, width));
        return this;
    }

    public GraphBuilder Constant(string name, float[] values, params long[] dimensions)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)DataType.Float };
        tensor.Dims.AddRange(dimensions);
        tensor.FloatData.AddRange(values);
        _graph.Initializer.Add(tensor);
        return this;
    }

    public GraphBuilder Constant(string name, long[] values, params long[] dimensions)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)DataType.Int64 };
        tensor.Dims.AddRange(dimensions);
        tensor.Int64Data.AddRange(values);
        _graph.Initializer.Add(tensor);
        return this;
    }

    /// <param name="output">One name, or several with a blank between.</param>
    public GraphBuilder Standard(string operation, string inputs, string output, params AttributeProto[] attributes) =>
        Add(OnnxNames.Standard, operation, inputs, output, attributes);

    public GraphBuilder Learning(string operation, string inputs, string output, params AttributeProto[] attributes) =>
        Add(OnnxNames.MachineLearning, operation, inputs, output, attributes);

    public GraphBuilder Output(string name, DataType type = DataType.Float, int rank = 2)
    {
        _graph.Output.Add(Value(name, type, rank, null));
        return this;
    }

    public ModelProto Build()
    {
        ModelProto model = new() { IrVersion = 8, Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = OnnxNames.Standard, Version = _standard });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = OnnxNames.MachineLearning, Version = _learning });
        return model;
    }

    public static AttributeProto Set(string name, long value) => new() { Name = name, I = value, Type = Kind.Int };

    public static AttributeProto Set(string name, float value) => new() { Name = name, F = value, Type = Kind.Float };

    public static AttributeProto Set(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = Kind.String };

    public static AttributeProto Set(string name, IEnumerable<long> values)
    {
        AttributeProto attribute = new() { Name = name, Type = Kind.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    public static AttributeProto Set(string name, IEnumerable<float> values)
    {
        AttributeProto attribute = new() { Name = name, Type = Kind.Floats };
        attribute.Floats.AddRange(values);
        return attribute;
    }

    public static AttributeProto Set(string name, IEnumerable<string> values)
    {
        AttributeProto attribute = new() { Name = name, Type = Kind.Strings };
        attribute.Strings.AddRange(values.Select(ByteString.CopyFromUtf8));
        return attribute;
    }

    public static AttributeProto Set(string name, TensorProto tensor) => new() { Name = name, T = tensor, Type = Kind.Tensor };

    private GraphBuilder Add(string domain, string operation, string inputs, string output, AttributeProto[] attributes)
    {
        NodeProto node = new() { OpType = operation, Domain = domain, Name = output };
        node.Input.AddRange(inputs.Split(' '));
        node.Output.AddRange(output.Split(' '));
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
        return this;
    }

    private static ValueInfoProto Value(string name, DataType type, int rank, int? width)
    {
        TensorShapeProto shape = new();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "rows" });
        for (int i = 1; i < rank; i++)
        {
            shape.Dim.Add(width is { } known
                ? new TensorShapeProto.Types.Dimension { DimValue = known }
                : new TensorShapeProto.Types.Dimension { DimParam = $"width{i}" });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
        };
    }
}
