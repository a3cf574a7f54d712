using Shared.Contracts.Onnx;
using Shared.Scoring.Operators;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;
using Dimension = Shared.Contracts.Onnx.TensorShapeProto.Types.Dimension;

namespace Shared.Scoring.Graph;

/// <summary>Makes a plan of the operators that one output of a graph needs; what other outputs need is left out.</summary>
internal sealed class GraphCompiler(GraphProto graph, KernelFactory kernels)
{
    private readonly PlanBuilder _plan = new();
    private readonly Dictionary<(string Domain, string Operation), OperatorReader> _readers = OperatorCatalog.Create(kernels);
    private int _numberWidth;
    private int _categoryWidth;

    /// <param name="model">A file that <see cref="ArtifactInspector"/> accepts, or whose graph it would.</param>
    /// <param name="inputs">The graph's inputs in the order in which rows bring them.</param>
    /// <param name="output">The output that is wanted.</param>
    /// <returns>Why ONNX Runtime has to run it, or null and the plan.</returns>
    public static Unsupported? Compile(
        ModelProto model, IReadOnlyList<string> inputs, string output, KernelFactory kernels, out GraphPlan? plan) =>
        new GraphCompiler(model.Graph, kernels).Compile(inputs, output, out plan);

    private Unsupported? Compile(IReadOnlyList<string> inputs, string output, out GraphPlan? plan)
    {
        plan = null;
        if (Inputs(inputs) is { } input)
        {
            return new Unsupported("input", input);
        }

        foreach (TensorProto constant in graph.Initializer)
        {
            ConstantTensor.Define(constant, _plan);
        }

        HashSet<string> needed = Needed(output);
        foreach (NodeProto node in graph.Node.Where(n => n.Output.Any(needed.Contains)))
        {
            if (Operator(node) is { } fault)
            {
                return new Unsupported(node.OpType, fault);
            }
        }

        (Block block, string[]? texts)? found = _plan.Find(output) switch
        {
            NumberValue { IsConstant: false } number => (number.Block, null),
            LabelValue label => (label.Index, label.Texts),
            _ => null,
        };
        if (found is not { } result)
        {
            return new Unsupported("output", $"'{output}' is neither numbers nor a label");
        }

        plan = new GraphPlan(
            _numberWidth, _categoryWidth, [.. _plan.Steps], _plan.Constants, _plan.WorkWidth, result.block, result.texts);
        return null;
    }

    private string? Operator(NodeProto node)
    {
        if (!_readers.TryGetValue((node.Domain, node.OpType), out OperatorReader? reader))
        {
            return "not one that the managed scorer runs";
        }

        return reader(node, new OperatorAttributes(node), _plan) ?? (_plan.IsTooWide ? "too many values per row" : null);
    }

    private string? Inputs(IReadOnlyList<string> inputs)
    {
        foreach (string name in inputs)
        {
            TypeProto.Types.Tensor? tensor = graph.Input.FirstOrDefault(i => i.Name == name)?.Type?.TensorType;
            if (tensor?.Shape?.Dim is not [_, { ValueCase: Dimension.ValueOneofCase.DimValue, DimValue: >= 1 and <= 1 << 16 and var width }])
            {
                return $"'{name}' is not of the shape [rows, width]";
            }

            switch ((DataType)tensor.ElemType)
            {
                case DataType.Float:
                    _plan.Define(name, new NumberValue(new Block(Origin.Numbers, _numberWidth, (int)width), DataType.Float, Rank: 2));
                    _numberWidth += (int)width;
                    break;
                case DataType.String when width == 1:
                    _plan.Define(name, new CategoryValue(_categoryWidth++));
                    break;
                default:
                    return $"'{name}' is neither float32 nor one text";
            }
        }

        return null;
    }

    // Operators stand behind what they use, so that one pass from the end finds all.
    private HashSet<string> Needed(string output)
    {
        HashSet<string> needed = new([output], StringComparer.Ordinal);
        foreach (NodeProto node in graph.Node.Reverse())
        {
            if (node.Output.Any(needed.Contains))
            {
                needed.UnionWith(node.Input);
            }
        }

        return needed;
    }
}
