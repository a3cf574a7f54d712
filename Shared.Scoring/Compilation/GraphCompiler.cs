using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;
using Shared.Scoring.Kernels;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;
using Dimension = Shared.Contracts.Onnx.TensorShapeProto.Types.Dimension;

namespace Shared.Scoring.Compilation;

/// <summary>Compiles the operators that one output of a graph needs into a plan; operators that only other outputs need are left
/// out.</summary>
internal sealed class GraphCompiler(GraphProto graph, KernelFactory kernels)
{
    private const int MaxInputWidth = 1 << 16;
    private readonly PlanBuilder _plan = new();
    private readonly ColumnTracer _columns = new();
    private readonly Dictionary<(string Domain, string Operation), OperatorDefinition> _operators = OperatorCatalog.Create(kernels);
    private int _numberWidth;
    private int _categoryWidth;

    /// <param name="model">A file that <see cref="ArtifactInspector"/> accepts, or whose graph it would.</param>
    /// <param name="inputs">The graph's inputs in the order of a row's columns.</param>
    /// <param name="output">The tensor to compute.</param>
    /// <returns>Why only ONNX Runtime can run it, or null and the plan.</returns>
    public static Unsupported? Compile(
        ModelProto model, IReadOnlyList<string> inputs, string output, KernelFactory kernels, out GraphPlan? plan) =>
        new GraphCompiler(model.Graph, kernels).Compile(inputs, output, out plan);

    private Unsupported? Compile(IReadOnlyList<string> inputs, string output, out GraphPlan? plan)
    {
        plan = null;
        for (int i = 0; i < inputs.Count; i++)
        {
            if (DefineInput(inputs[i], i) is { } reason)
            {
                return new Unsupported("input", reason);
            }
        }

        foreach (TensorProto constant in graph.Initializer)
        {
            ConstantTensor.Define(constant, _plan);
            _columns.AddConstant(constant.Name);
        }

        HashSet<string> needed = FindNeededTensors(output);
        foreach (NodeProto node in graph.Node.Where(n => n.Output.Any(needed.Contains)))
        {
            if (AddOperator(node) is { } reason)
            {
                return new Unsupported(node.OpType, reason);
            }
        }

        (Block Block, string[]? Texts)? found = _plan.Find(output) switch
        {
            NumberValue { IsConstant: false } number => (number.Block, null),
            LabelValue label => (label.Index, label.Texts),
            _ => null,
        };
        if (found is not { } result)
        {
            return new Unsupported("output", $"'{output}' is neither numbers nor a label");
        }

        plan = new GraphPlan
        {
            NumberWidth = _numberWidth,
            CategoryWidth = _categoryWidth,
            Steps = [.. _plan.Steps],
            Constants = _plan.Constants,
            WorkWidth = _plan.WorkWidth,
            Output = result.Block,
            Texts = result.Texts,
            ColumnOrigins = _columns.OriginsOf(output),
        };
        return null;
    }

    private string? DefineInput(string name, int input)
    {
        TypeProto.Types.Tensor? tensor = graph.Input.FirstOrDefault(i => i.Name == name)?.Type?.TensorType;
        if (tensor?.Shape?.Dim is not
            [_, { ValueCase: Dimension.ValueOneofCase.DimValue, DimValue: >= 1 and <= MaxInputWidth and var width }])
        {
            return $"'{name}' is not of the shape [rows, width]";
        }

        switch ((DataType)tensor.ElemType)
        {
            case DataType.Float:
                _plan.Define(name, new NumberValue(new Block(BlockOrigin.Numbers, _numberWidth, (int)width), DataType.Float, Rank: 2));
                _numberWidth += (int)width;
                break;
            case DataType.String when width == 1:
                _plan.Define(name, new CategoryValue(_categoryWidth++));
                break;
            default:
                return $"'{name}' is neither float32 nor one text";
        }

        _columns.AddInput(name, input, (int)width);
        return null;
    }

    private string? AddOperator(NodeProto node)
    {
        if (!_operators.TryGetValue((node.Domain, node.OpType), out OperatorDefinition? definition))
        {
            return "not one that the managed scorer runs";
        }

        if (definition.Read(node, new OperatorAttributes(node), _plan) is { } reason)
        {
            return reason;
        }

        if (_plan.IsTooWide)
        {
            return "too many values per row";
        }

        foreach (string output in node.Output)
        {
            if (_plan.Find(output) is NumberValue { IsConstant: true })
            {
                _columns.AddConstant(output);
            }
            else if (_plan.Find(output) is { } value)
            {
                _columns.AddOutput(node, definition.Flow, output, value.Width);
            }
        }

        return null;
    }

    // Nodes are in topological order, so that one pass from the end finds all of them.
    private HashSet<string> FindNeededTensors(string output)
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
