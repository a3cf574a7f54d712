using Shared.Contracts.Onnx;

namespace Relay.Training.Importing.Onnx;

/// <summary>Bounds the columns of every tensor before a graph runs, from what the operators do with rows: none may mix rows, turn columns into rows,
/// or double what it reads again and again.</summary>
internal sealed class GrowthBound
{
    /// <summary>Numbers per row, in all tensors of a graph together; a block of rows has thousands of them.</summary>
    private const long MaxNumbers = 1 << 18;

    private readonly Dictionary<string, TensorProto> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RowTensor> _tensors = new(StringComparer.Ordinal);

    private GrowthBound(GraphProto graph, long features)
    {
        foreach (TensorProto constant in graph.Initializer)
        {
            _constants[constant.Name] = constant;
        }

        foreach (ValueInfoProto input in graph.Input)
        {
            _tensors[input.Name] = new RowTensor(Math.Clamp(OnnxSource.Width(input) ?? features, 1, MaxNumbers + 1));
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
            RowTensor result = bound.ResultOf(node);
            total += Math.Min(result.Columns, MaxNumbers + 1);
            if (total > MaxNumbers)
            {
                throw OnnxSource.Refuse($"operator '{node.OpType}' of node '{node.Name}': more than {MaxNumbers} numbers per row up to here");
            }

            for (int i = 0; i < node.Output.Count; i++)
            {
                bound._tensors[node.Output[i]] = i == 0 && node.OpType.EndsWith("Classifier", StringComparison.Ordinal) ? LabelOf(result) : result;
            }
        }
    }

    // The label of a row is its first output.
    private static RowTensor LabelOf(RowTensor result) => result with { Columns = 1, Shape = RowShape.List };

    private RowTensor ResultOf(NodeProto node)
    {
        if (node.OpType == "Constant")
        {
            TensorProto? value = node.Attribute.FirstOrDefault(a => a.Name == "value")?.T;
            _constants[node.Output[0]] = value is { Dims.Count: <= 2 } ? value : throw Refuse(node, "only a tensor of at most 2 dimensions");
            return new RowTensor(0);
        }

        OperatorAttributes attributes = new(node);
        RowTensor[] read = [.. node.Input.Where(_tensors.ContainsKey).Select(i => _tensors[i])];
        if (read.Length == 0)
        {
            throw Refuse(node, "an input that depends on the row");
        }

        long widest = Math.Max(1, read.Max(r => r.Columns));
        RowShape shape = read[0].Shape;
        switch (node.OpType)
        {
            case "Concat":
                RequireAxis(node, attributes.Integer("axis"));
                RequireShape(node, read, RowShape.Matrix);
                return new RowTensor(
                    read.Sum(r => r.Columns) + node.Input.Where(_constants.ContainsKey).Sum(i => ConstantTensor.Elements(_constants[i])));
            case "FeatureVectorizer":
                RequireShape(node, read, RowShape.Matrix);
                return new RowTensor(Math.Max(read.Sum(r => r.Columns), Sum(attributes.Integers("inputdimensions"))));
            case "MatMul" or "Gemm":
                RequireShape(node, read, RowShape.Matrix);
                bool isConstant = node.Input.Count > 1 && _constants.ContainsKey(node.Input[1]) && _tensors.ContainsKey(node.Input[0]);
                return isConstant && attributes.Integer("transA") is null or 0
                    ? Product(_constants[node.Input[1]], attributes.Integer("transB") is not (null or 0))
                    : throw Refuse(node, "a constant second matrix, and rows that are not transposed");
            case "Gather":
                RequireAxis(node, attributes.Integer("axis"));
                RequireShape(node, read, RowShape.Matrix);
                return node.Input.Count == 2 && _constants.TryGetValue(node.Input[1], out TensorProto? indices)
                    ? new RowTensor(
                        ConstantTensor.Elements(indices), indices.Dims.Count switch { 0 => RowShape.List, 1 => RowShape.Matrix, _ => RowShape.Cube })
                    : throw Refuse(node, "constant indices");
            case "ArrayFeatureExtractor":
                return Extract(node, read);
            case "Reshape":
                return RequireNewShape(node, attributes, read[0]);
            case "ArgMax" or "ArgMin" or "ReduceMax" or "ReduceMean" or "ReduceMin" or "ReduceSum":
                RequireAxis(node, AxisOf(node, attributes));
                RequireShape(node, read, RowShape.Matrix);
                return new RowTensor(1, attributes.Integer("keepdims") is 0 ? RowShape.List : RowShape.Matrix);
            case "Flatten":
                // The last axis of a cube would make rows of its columns.
                long? axis = AxisOf(node, attributes);
                RequireAxis(node, axis is -1 && shape is not RowShape.Matrix ? null : axis);
                return new RowTensor(widest, shape is RowShape.Transposed ? shape : RowShape.Matrix);
            case "Squeeze":
                RequireAxis(node, AxisOf(node, attributes));
                RequireShape(node, read, shape is RowShape.Cube ? shape : RowShape.Matrix);
                return shape is RowShape.Cube ? new RowTensor(widest) : new RowTensor(1, RowShape.List);
            case "Unsqueeze":
                // The label of a row, which becomes a column of labels.
                RequireAxis(node, AxisOf(node, attributes));
                RequireShape(node, read, RowShape.List);
                return new RowTensor(1);
            case "Split":
                RequireAxis(node, AxisOf(node, attributes));
                RequireShape(node, read, RowShape.Matrix);
                return new RowTensor(widest);
            case "OneHotEncoder":
                RequireShape(node, read, shape is RowShape.List ? shape : RowShape.Matrix);
                return new RowTensor(
                    widest * Math.Max(1, Math.Max(attributes.Integers("cats_int64s").Count, attributes.Texts("cats_strings").Count)),
                    shape is RowShape.List ? RowShape.Matrix : RowShape.Cube);
            case "Softmax" or "LogSoftmax" or "LayerNormalization":
                RequireAxis(node, attributes.Integer("axis") ?? -1);
                RequireShape(node, read, RowShape.Matrix);
                return Beside(node, read, widest);
            default:
                if (node.Domain != OnnxNames.MachineLearning)
                {
                    return Beside(node, read, widest);
                }

                // A label or a number per element, or a number per class, pair of classes, or target.
                return node.OpType is "LabelEncoder" or "Binarizer"
                    ? new RowTensor(widest, shape)
                    : RequireShape(node, read, RowShape.Matrix) with { Columns = Math.Max(widest, Outputs(node, attributes)) };
        }
    }

    private static long Outputs(NodeProto node, OperatorAttributes attributes)
    {
        long classes =
            Math.Max(attributes.ClassCount, Math.Max(attributes.Integers("classlabels_ints").Count, attributes.Floats("intercepts").Length));
        classes = node.OpType == "SVMClassifier" ? classes * classes : classes;
        return Math.Max(classes, Math.Max(attributes.Integer("n_targets") ?? 1, attributes.Integer("targets") ?? 1));
    }

    // Operators that go element by element keep the columns, or have those of a constant row.
    private RowTensor Beside(NodeProto node, RowTensor[] read, long widest)
    {
        RowShape shape = read[0].Shape;
        RequireShape(node, read, shape);
        if (shape is RowShape.Matrix)
        {
            return new RowTensor(Math.Max(widest, node.Input.Where(_constants.ContainsKey).Select(i => Row(node, i)).DefaultIfEmpty(0).Max()));
        }

        // A constant of two dimensions would make columns of a list.
        bool isSingle = node.Input.Where(_constants.ContainsKey)
            .All(i => ConstantTensor.Elements(_constants[i]) <= 1 && (shape is not RowShape.List || _constants[i].Dims.Count <= 1));
        return isSingle && (shape is not RowShape.Cube || read.Length == 1)
            ? new RowTensor(widest, shape)
            : throw Refuse(node, "a matrix [rows, columns], or nothing but one number beside other shapes");
    }

    // A constant beside rows is one row: of several, each would meet each.
    private long Row(NodeProto node, string name) => _constants[name] is { Dims: not [> 1, _] } constant
        ? ConstantTensor.Elements(constant)
        : throw Refuse(node, $"a constant of one row, and '{name}' has several");

    private static RowTensor Product(TensorProto matrix, bool isTransposed) => matrix.Dims.Count == 2
        ? new RowTensor(Math.Clamp(matrix.Dims[isTransposed ? 0 : 1], 0, MaxNumbers + 1))
        : new RowTensor(1, RowShape.List);

    // Columns by constant numbers, or the entry of a constant list for each row: a class by its number.
    private RowTensor Extract(NodeProto node, RowTensor[] read)
    {
        if (node.Input.Count == 2 && _constants.TryGetValue(node.Input[1], out TensorProto? taken))
        {
            return RequireShape(node, read, RowShape.Matrix) with { Columns = ConstantTensor.Elements(taken) };
        }

        return read is [{ Columns: <= 1 }] && _constants.ContainsKey(node.Input[0]) && Row(node, node.Input[0]) >= 0
            ? new RowTensor(1, RowShape.Transposed)
            : throw Refuse(node, "constant columns, or a constant list and one number per row");
    }

    private RowTensor RequireNewShape(NodeProto node, OperatorAttributes attributes, RowTensor tensor)
    {
        long[]? shape = node.Input.Count == 2 && _constants.TryGetValue(node.Input[1], out TensorProto? constant)
            ? ConstantTensor.Integers(constant)
            : null;
        bool isTransposed = tensor.Shape is RowShape.Transposed;
        if (attributes.Integer("allowzero") is null or 0)
        {
            if (shape is [-1] && tensor.Columns == 1)
            {
                return new RowTensor(1, RowShape.List);
            }

            if ((shape is [0 or -1, var width] && width == tensor.Columns && (shape[0] == -1 || !isTransposed)) || (shape is [0,
                -1] && !isTransposed))
            {
                return new RowTensor(tensor.Columns);
            }
        }

        throw Refuse(node, "the shape [-1] of one number, or as many columns as before");
    }

    private long? AxisOf(NodeProto node, OperatorAttributes attributes)
    {
        if (node.Input.Count > 1 && node.OpType is not "Split" && _constants.TryGetValue(node.Input[1], out TensorProto? constant))
        {
            return ConstantTensor.Integers(constant) is [var only] ? only : null;
        }

        return attributes.Integers("axes") is [var one] ? one : attributes.Integer("axis") ?? (node.OpType == "Flatten" ? 1 : null);
    }

    private static RowTensor RequireShape(NodeProto node, RowTensor[] read, RowShape shape) => read.All(r => r.Shape == shape)
        ? read[0]
        : throw Refuse(node, shape is RowShape.Matrix ? "a matrix [rows, columns]" : "inputs of one shape");

    private static void RequireAxis(NodeProto node, long? axis)
    {
        if (axis is not (1 or -1))
        {
            throw Refuse(node, "the axis 1, that of columns");
        }
    }

    private static long Sum(IEnumerable<long> counts) =>
        counts.Aggregate(0L, (sum, count) => count is >= 0 and <= MaxNumbers ? Math.Min(sum + count, MaxNumbers + 1) : MaxNumbers + 1);

    private static TrainingException Refuse(NodeProto node, string expected) =>
        OnnxSource.Refuse($"operator '{node.OpType}' of node '{node.Name}': it could mix rows or grow without end; expected {expected}");
}
