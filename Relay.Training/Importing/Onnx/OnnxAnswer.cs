using System.Globalization;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Relay.Training.Importing.Onnx;

/// <summary>Which tensor of a graph is the answer.</summary>
/// <param name="Tensor">Probabilities [rows, classes], the probability of the second class [rows, 1], or numbers.</param>
/// <param name="Label">The output with the label; null where there is none.</param>
/// <param name="Classes">The labels in the order of the probabilities; null where the file has none.</param>
internal sealed record OnnxAnswer(string Tensor, string? Label, IReadOnlyList<string>? Classes)
{
    private const string ZipMap = "ZipMap";

    /// <param name="output">The output that the caller names; null where he does not.</param>
    /// <exception cref="TrainingException">With InvalidModelFile: there is none, or more than one that could be it.</exception>
    public static OnnxAnswer Find(GraphProto graph, ModelTask task, string? output)
    {
        OnnxProducers producers = new(graph);
        ValueInfoProto chosen = Choose(graph, task, output, producers);
        if (task is not ModelTask.Classification)
        {
            return new OnnxAnswer(chosen.Name, null, null);
        }

        NodeProto? made = producers.Find(chosen.Name);
        string tensor = made?.OpType == ZipMap && made.Input.Count == 1 ? made.Input[0] : chosen.Name;
        ValueInfoProto? label = graph.Output.FirstOrDefault(
            o => o.Name != chosen.Name && TypeOf(o) is DataType.Int64 or DataType.String or DataType.Bool
                && producers.ShareModel(o.Name, chosen.Name));
        IReadOnlyList<string>? classes = SlotNames(graph, chosen.Name)
            ?? (made is null ? null : ClassesOf(made))
            ?? graph.Node.Select(ClassesOf).FirstOrDefault(labels => labels is not null)
            ?? (TypeOf(label) is DataType.Bool ? ["0", "1"] : null);
        return new OnnxAnswer(tensor, classes is null ? null : label?.Name, classes);
    }

    private static ValueInfoProto Choose(GraphProto graph, ModelTask task, string? output, OnnxProducers producers)
    {
        if (output is not null)
        {
            return graph.Output.FirstOrDefault(o => o.Name == output) ?? throw Refuse($"it has no output '{output}'");
        }

        ValueInfoProto[] zipped = [.. graph.Output.Where(o => producers.Find(o.Name)?.OpType == ZipMap)];
        ValueInfoProto[] numbers = [.. graph.Output.Where(o => TypeOf(o) is DataType.Float or DataType.Double && !producers.IsInput(o.Name))];
        string part = task is ModelTask.Classification ? "prob" : "score";
        ValueInfoProto[] named = [.. numbers.Where(o => o.Name.Contains(part, StringComparison.OrdinalIgnoreCase))];
        ValueInfoProto[] scores = [.. numbers.Where(o => o.Name.StartsWith("Score", StringComparison.Ordinal))];
        if (task is ModelTask.Classification && named.Length == 0 && scores is [var margin]
            && graph.Output.Any(o => TypeOf(o) is DataType.Bool && producers.ShareModel(o.Name, margin.Name)))
        {
            throw Refuse(
                $"'{margin.Name}' is a margin of two classes and no probability; append a calibrator (ML.NET: Calibrators.Platt) and export again");
        }

        return (task is ModelTask.Classification ? zipped : []) is [var map] ? map
            : numbers is [var only] ? only
            : named is [var one] ? one
            : scores is [var score] ? score
            : throw Refuse($"{(numbers.Length == 0 ? "no output" : "several outputs")} could be the answer; name one by --output");

        TrainingException Refuse(string why) =>
            OnnxSource.Refuse($"{why}; its outputs are {string.Join(", ", graph.Output.Take(12).Select(o => $"'{o.Name}'"))}");
    }

    private static DataType? TypeOf(ValueInfoProto? value) => (DataType?)value?.Type?.TensorType?.ElemType;

    // ML.NET gives the names of a vector's numbers as an output of their own, which looks each up: "Score.output" has "mlnet.Score.unusedOutput".
    private static IReadOnlyList<string>? SlotNames(GraphProto graph, string output)
    {
        string name = $"mlnet.{(output.EndsWith(".output", StringComparison.Ordinal) ? output[..^".output".Length] : output)}.unusedOutput";
        NodeProto? names = graph.Node.FirstOrDefault(n => n.OpType == OnnxNames.LabelEncoder && n.Output.Contains(name));
        if (names is null)
        {
            return null;
        }

        OperatorAttributes attributes = new(names);
        string[] texts = [.. attributes.Texts("keys_strings").Select(t => t.ToStringUtf8())];
        return attributes.Integers("values_int64s").SequenceEqual(Enumerable.Range(0, texts.Length).Select(i => (long)i)) ? texts : null;
    }

    private static IReadOnlyList<string>? ClassesOf(NodeProto node)
    {
        AttributeProto? texts = node.Attribute.FirstOrDefault(a => a.Name is "classlabels_strings" && a.Strings.Count > 0);
        AttributeProto? numbers = node.Attribute.FirstOrDefault(a => a.Name is "classlabels_int64s" or "classlabels_ints" && a.Ints.Count > 0);
        return texts is not null ? [.. texts.Strings.Select(s => s.ToStringUtf8())]
            : numbers is not null ? [.. numbers.Ints.Select(i => i.ToString(CultureInfo.InvariantCulture))]
            : null;
    }
}
