using Shared.Contracts.Onnx;

namespace Relay.Training.Importing.Onnx;

/// <summary>Bounds the columns of every tensor before a graph runs, from what the operators do with rows: none may mix rows, turn columns into rows, or
/// double what it reads again and again.</summary>
internal sealed class GrowthBound
{
    /// <summary>Numbers per row, in all tensors of a graph together.</summary>
    private const long MaxNumbers = 1 << 22;

    private readonly Dictionary<string, TensorProto> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _columns = new(StringComparer.Ordinal);

    private GrowthBound(GraphProto graph, long features)
    {
        foreach (TensorProto constant in graph.Initializer)
        {
            _constants[constant.Name] = constant;
        }

        foreach (ValueInfoProto input in graph.Input)
        {
            _columns[input.Name] = OnnxSource.Width(input) ?? features;
        }
    }

    /// <param name="features">Columns of an input that does not say how many it has.</param>
    /// <exception cref="TrainingException">With InvalidModelFile: the operator that could grow, or mixes rows.</exception>
    public static void Require(GraphProto graph, long features)
    {
        GrowthBound bound = new(graph, features);
        if (bound._constants.Values.FirstOrDefault(c => c.Dims.Count > 2) is { } deep)
        {
            throw OnnxSource.Refuse($"constant '{deep.Name}' has {deep.Dims.Count} dimensions, expected at most 2");
        }

        long total = 0;
        foreach (NodeProto node in graph.Node)
        {
            long columns = bound.ColumnsOf(node);
            total += columns;
            if (total > MaxNumbers)
            {
                throw OnnxSource.Refuse($"operator '{node.OpType}' of node '{node.Name}': more than {MaxNumbers} numbers per row up to here");
            }

            foreach (string output in node.Output)
            {
                bound._columns[output] = columns;
            }
        }
    }

    private long ColumnsOf(NodeProto node)
    {
        if (node.OpType == "Constant")
        {
            TensorProto? value = node.Attribute.FirstOrDefault(a => a.Name == "value")?.T;
            _constants[node.Output[0]] = value is { Dims.Count: <= 2 } ? value : throw Refuse(node, "only a tensor of at most 2 dimensions");
            return 0;
        }

        OperatorAttributes attributes = new(node);
        long[] read = [.. node.Input.Where(_columns.ContainsKey).Select(i => _columns[i])];
        if (read.Length == 0)
        {
            throw Refuse(node, "an input that depends on the row");
        }

        long widest = Math.Max(1, read.Max());
        switch (node.OpType)
        {
            case "Concat":
                RequireAxis(node, attributes.Integer("axis"));
                return read.Sum() + node.Input.Where(_constants.ContainsKey).Sum(i => Elements(_constants[i]));
            case "MatMul" or "Gemm":
                bool isConstant = node.Input.Count > 1 && _constants.ContainsKey(node.Input[1]) && _columns.ContainsKey(node.Input[0]);
                return isConstant && attributes.Integer("transA") is null or 0
                    ? Elements(_constants[node.Input[1]])
                    : throw Refuse(node, "a constant second matrix, and rows that are not transposed");
            case "Gather":
                RequireAxis(node, attributes.Integer("axis"));
                return node.Input.Count == 2 && _constants.TryGetValue(node.Input[1], out TensorProto? indices)
                    ? Elements(indices)
                    : throw Refuse(node, "constant indices");
            case "ArrayFeatureExtractor":
                return node.Input.Count == 2 && _constants.TryGetValue(node.Input[1], out TensorProto? taken) ? Elements(taken) : widest;
            case "Reshape":
                return RequireShape(node, attributes, widest);
            case "ArgMax" or "ArgMin" or "ReduceMax" or "ReduceMean" or "ReduceMin" or "ReduceSum":
                RequireAxis(node, AxisOf(node, attributes));
                return 1;
            case "Flatten" or "Split" or "Squeeze":
                RequireAxis(node, AxisOf(node, attributes));
                return widest;
            case "OneHotEncoder":
                return widest * Math.Max(1, Math.Max(attributes.Integers("cats_int64s").Count, attributes.Texts("cats_strings").Count));
            default:
                // Trees, linear and vector machines give a number per class or target; all others keep the columns, or those of a constant row.
                long constants = node.Input.Where(_constants.ContainsKey).Select(i => Row(node, i)).DefaultIfEmpty(0).Max();
                return Math.Max(widest, Math.Max(Outputs(attributes), constants));
        }
    }

    private static long Outputs(OperatorAttributes attributes) =>
        Math.Max(attributes.ClassCount, Math.Max(attributes.Integer("n_targets") ?? 1, attributes.Integer("targets") ?? 1));

    // A constant beside rows is one row: of several, each would meet each.
    private long Row(NodeProto node, string name) => _constants[name] is { Dims: not [> 1, _] } constant
        ? Elements(constant)
        : throw Refuse(node, $"a constant of one row, and '{name}' has several");

    private long RequireShape(NodeProto node, OperatorAttributes attributes, long columns)
    {
        long[]? shape = node.Input.Count == 2 && _constants.TryGetValue(node.Input[1], out TensorProto? constant) ? Integers(constant) : null;
        return attributes.Integer("allowzero") is null or 0
            && ((shape is [-1] && columns == 1) || (shape is [0 or -1, var width] && width == columns) || shape is [0, -1])
            ? columns
            : throw Refuse(node, "the shape [-1] of one number, or as many columns as before");
    }

    private long? AxisOf(NodeProto node, OperatorAttributes attributes)
    {
        if (node.Input.Count > 1 && node.OpType is not "Split" && _constants.TryGetValue(node.Input[1], out TensorProto? constant))
        {
            return Integers(constant) is [var only] ? only : null;
        }

        return attributes.Integers("axes") is [var one] ? one : attributes.Integer("axis") ?? (node.OpType == "Flatten" ? 1 : null);
    }

    private static void RequireAxis(NodeProto node, long? axis)
    {
        if (axis is not (1 or -1))
        {
            throw Refuse(node, "the axis 1, that of columns");
        }
    }

    private static long[] Integers(TensorProto constant) => constant.HasRawData && constant.DataType == (int)TensorProto.Types.DataType.Int64
        ? [.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(constant.RawData.Span)]
        : [.. constant.Int64Data];

    private static long Elements(TensorProto constant)
    {
        long count = 1;
        foreach (long dimension in constant.Dims)
        {
            count = dimension is >= 0 and <= MaxNumbers ? Math.Min(count * dimension, MaxNumbers + 1) : MaxNumbers + 1;
        }

        return count;
    }

    private static TrainingException Refuse(NodeProto node, string expected) =>
        OnnxSource.Refuse($"operator '{node.OpType}' of node '{node.Name}': it could mix rows or grow without end; expected {expected}");
}
