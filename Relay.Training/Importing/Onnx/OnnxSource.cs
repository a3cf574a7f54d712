using Google.Protobuf;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Shared.Contracts.Onnx.Trees;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Relay.Training.Importing.Onnx;

/// <summary>An ONNX file of another tool, checked before anything runs it: what it reads, what of it is the answer, and only the operators that the
/// answer depends on.</summary>
internal sealed class OnnxSource
{
    private const int MinStandard = 9;
    private const int MaxStandard = 21;
    private const int MaxMachineLearning = 5;

    private OnnxSource(ModelProto model, ValueInfoProto[] inputs, OnnxAnswer answer) => (Model, Inputs, Answer) = (model, inputs, answer);

    /// <summary>The file without operators and outputs that the answer does not need.</summary>
    public ModelProto Model { get; }

    /// <summary>One matrix, or one column each.</summary>
    public IReadOnlyList<ValueInfoProto> Inputs { get; }

    public OnnxAnswer Answer { get; }

    public bool IsMatrix => Inputs.Count == 1 && Width(Inputs[0]) != 1;

    public DataType InputType => (DataType)Inputs[0].Type.TensorType.ElemType;

    public long StandardVersion => Version(OnnxNames.Standard) ?? MinStandard;

    public long MachineLearningVersion => Version(OnnxNames.MachineLearning) ?? 1;

    /// <exception cref="TrainingException">With InvalidModelFile: the file is damaged, holds what is not imported, or has no one answer.</exception>
    /// <param name="features">Columns of an input that does not say how many it has.</param>
    public static OnnxSource Read(ReadOnlySpan<byte> file, ModelTask task, int features, string? output)
    {
        ModelProto model = Parse(file);
        RequireSound(model);
        OnnxAnswer answer = OnnxAnswer.Find(model.Graph, task, output);
        Prune(model.Graph, answer);
        if (TreeEnsembleReader.FindError(model.Graph) is { } error)
        {
            throw Refuse(error);
        }

        ValueInfoProto[] inputs = InputsOf(model.Graph);
        GrowthBound.Require(model.Graph, features);
        return new OnnxSource(model, inputs, answer);
    }

    /// <summary>The file without the operators that only the label needs.</summary>
    public ModelProto WithoutLabel()
    {
        ModelProto model = Model.Clone();
        Prune(model.Graph, Answer with { Label = null });
        return model;
    }

    public static TrainingException Refuse(string why, Exception? inner = null) => new(TrainingFault.InvalidModelFile, $"ONNX model: {why}", inner);

    /// <summary>Columns of a matrix; null where the file does not say.</summary>
    public static long? Width(ValueInfoProto value) =>
        value.Type?.TensorType?.Shape?.Dim is [_, { ValueCase: TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue } columns]
            ? columns.DimValue
            : null;

    private static ModelProto Parse(ReadOnlySpan<byte> file)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(file);
        }

        // On some wrong lengths Google.Protobuf reads beyond its buffer and throws IndexOutOfRangeException.
        catch (Exception e) when (e is InvalidProtocolBufferException or IndexOutOfRangeException or ArgumentException)
        {
            throw Refuse($"not readable: {e.Message}", e);
        }
    }

    private static void RequireSound(ModelProto model)
    {
        if (model.Graph is null)
        {
            throw Refuse("no graph");
        }

        // Files of the first versions list their constants among the inputs.
        HashSet<string> constants = model.Graph.Initializer.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        ValueInfoProto[] inputs = [.. model.Graph.Input.Where(i => !constants.Contains(i.Name))];
        model.Graph.Input.Clear();
        model.Graph.Input.AddRange(inputs);

        // Some tools list one operator set once for each part of a model.
        OperatorSetIdProto[] sets = [.. model.OpsetImport.DistinctBy(o => (o.Domain, o.Version))];
        model.OpsetImport.Clear();
        model.OpsetImport.AddRange(sets);

        if ((ForbiddenContent.Find(model) ?? GraphTopology.FindError(model)) is { } error)
        {
            throw Refuse(error);
        }

        if (model.Graph.Node.FirstOrDefault(n => !OnnxOperators.IsAllowed(n)) is { } other)
        {
            throw Refuse(
                $"operator '{other.OpType}' of node '{other.Name}' is not imported: it does not compute a row from a " +
                    $"row, or its result may be larger "
                + "than the file");
        }

        OperatorSetIdProto? unknown = model.OpsetImport.FirstOrDefault(o => o.Domain == OnnxNames.MachineLearning
            ? o.Version is < 1 or > MaxMachineLearning
            : o.Version is < MinStandard or > MaxStandard);
        if (unknown is not null)
        {
            throw Refuse(
                $"operator set {unknown.Version} of '{unknown.Domain}', expected {MinStandard} to {MaxStandard}, "
                + $"or 1 to {MaxMachineLearning} of '{OnnxNames.MachineLearning}'");
        }

        if (model.Graph.Node.Any(n => n.OpType == OnnxNames.LabelEncoder && n.Attribute.Any(a => a.Name == "classes_strings")))
        {
            throw Refuse("a LabelEncoder of the first version; export the model with ai.onnx.ml 2 or newer");
        }
    }

    // From the answer back to the inputs.
    private static void Prune(GraphProto graph, OnnxAnswer answer)
    {
        HashSet<string> needed = new(StringComparer.Ordinal) { answer.Tensor };
        if (answer.Label is { } label)
        {
            needed.Add(label);
        }

        List<NodeProto> kept = [];
        foreach (NodeProto node in graph.Node.Reverse())
        {
            if (node.Output.Any(needed.Contains))
            {
                kept.Add(node);
                needed.UnionWith(node.Input);
            }
        }

        kept.Reverse();
        graph.Node.Clear();
        graph.Node.AddRange(kept);
        Keep(graph.Initializer, i => needed.Contains(i.Name));
        Keep(graph.Input, i => needed.Contains(i.Name));
        graph.ValueInfo.Clear();
        graph.Output.Clear();
        graph.Output.Add(new ValueInfoProto { Name = answer.Tensor });
        if (answer.Label is not null)
        {
            graph.Output.Add(new ValueInfoProto { Name = answer.Label });
        }
    }

    private static void Keep<T>(Google.Protobuf.Collections.RepeatedField<T> list, Func<T, bool> wanted)
    {
        T[] kept = [.. list.Where(wanted)];
        list.Clear();
        list.AddRange(kept);
    }

    private static ValueInfoProto[] InputsOf(GraphProto graph)
    {
        ValueInfoProto[] inputs = [.. graph.Input];
        bool isNumeric =
            inputs.All(i => i.Type?.TensorType is { ElemType: (int)DataType.Float or (int)DataType.Double } t && t.Shape?.Dim.Count is null or 2);
        bool isOneType = inputs.Select(i => i.Type?.TensorType?.ElemType).Distinct().Count() == 1;
        return inputs.Length > 0 && isNumeric && isOneType && (inputs.Length == 1 || inputs.All(i => Width(i) == 1))
            ? inputs
            : throw Refuse(
                $"it reads {string.Join(", ", inputs.Take(12).Select(i => $"'{i.Name}' {(DataType?)i.Type?.TensorType?.ElemType}"))}; "
                + "expected one matrix of float or double numbers [rows, features], or one column [rows, 1] per feature; encode texts to numbers");
    }

    private long? Version(string domain) => Model.OpsetImport.FirstOrDefault(o => o.Domain == domain)?.Version;
}
