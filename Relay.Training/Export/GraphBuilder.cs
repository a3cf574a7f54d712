using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Relay.Training.Export;

/// <summary>Builds a graph operator by operator. The caller names inputs and outputs; all other names are generated here and
/// never equal a column's name.</summary>
internal sealed class GraphBuilder(string name)
{
    private const string Rows = "rows";
    private readonly GraphProto _graph = new() { Name = name };
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>An input of shape [rows, columns].</summary>
    public string Input(string input, DataType type, int columns = 1)
    {
        _names.Add(input);
        _graph.Input.Add(Value(input, type, columns));
        return input;
    }

    /// <summary>A float constant of one value, which broadcasts to any shape.</summary>
    public string Constant(float value)
    {
        TensorProto tensor = Constant(DataType.Float);
        tensor.FloatData.Add(value);
        return tensor.Name;
    }

    /// <summary>A constant list of one whole number, such as an axis.</summary>
    public string Constant(long value)
    {
        TensorProto tensor = Constant(DataType.Int64);
        tensor.Int64Data.Add(value);
        return tensor.Name;
    }

    /// <summary>An operator whose output is not an output of the graph.</summary>
    /// <returns>The name of the operator's one output.</returns>
    public string Add(string domain, string operation, IEnumerable<string> inputs, params AttributeProto[] attributes) =>
        AddAs(Unused(operation), domain, operation, inputs, attributes);

    /// <summary>An operator whose output is an output of the graph: [rows], or [rows, columns].</summary>
    public string Output(
        string output, DataType type, int? columns, string domain, string operation, IEnumerable<string> inputs,
        params AttributeProto[] attributes)
    {
        _names.Add(output);
        _graph.Output.Add(Value(output, type, columns));
        return AddAs(output, domain, operation, inputs, attributes);
    }

    /// <summary>A name that nothing in the graph has.</summary>
    public string Reserve(string hint) => Unused(hint);

    /// <summary>An operator of another graph; its names were reserved.</summary>
    public void Add(NodeProto node) => _graph.Node.Add(node);

    /// <summary>A constant of another graph; its name was reserved.</summary>
    public void Add(TensorProto constant) => _graph.Initializer.Add(constant);

    public GraphProto Build() => _graph;

    private TensorProto Constant(DataType type)
    {
        TensorProto tensor = new() { Name = Unused("constant"), DataType = (int)type };
        tensor.Dims.Add(1);
        _graph.Initializer.Add(tensor);
        return tensor;
    }

    private string AddAs(string output, string domain, string operation, IEnumerable<string> inputs, AttributeProto[] attributes)
    {
        NodeProto node = new() { OpType = operation, Domain = domain, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
        return output;
    }

    private string Unused(string hint)
    {
        string candidate = hint;
        for (int i = 2; !_names.Add(candidate); i++)
        {
            candidate = $"{hint}_{i}";
        }

        return candidate;
    }

    private static ValueInfoProto Value(string name, DataType type, int? columns)
    {
        TensorShapeProto shape = new();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = Rows });
        if (columns is { } count)
        {
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = count });
        }

        TypeProto.Types.Tensor tensor = new() { ElemType = (int)type, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
