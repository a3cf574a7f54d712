using Relay.Training.Data.Features;
using Relay.Training.Export;
using Relay.Training.Export.Parts;
using Relay.Training.Models;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Relay.Training.Importing.Onnx;

/// <summary>A graph of another tool between named columns and the outputs that the schema promises.</summary>
internal sealed class ImportedGraph(
    ModelSchema schema, IReadOnlyList<FeatureEncoding> encodings, OnnxSource source, SourceSession session, int[] bound,
    IReadOnlyList<(int Feature, float Threshold)> thresholds)
    : FittedModel(schema, encodings)
{
    private const int BlockRows = 4096;
    private const string Prefix = "source/";

    internal override GraphVersions Versions => new(
        source.StandardVersion, Math.Max(GraphVersions.Default.MachineLearning, source.MachineLearningVersion),
        source.StandardVersion > 18 ? 10 : GraphVersions.Default.Ir);

    internal override IEnumerable<(int Feature, float Threshold)> Thresholds(int atMost) => Enumerable
        .Range(0, thresholds.Count == 0 ? 0 : atMost)
        .Select(i => thresholds[(int)((long)i * thresholds.Count / atMost)])
        .Select(t => (bound[t.Feature], t.Threshold))
        .Distinct();

    public override Predictions Score(float[][] columns, CancellationToken cancellationToken = default)
    {
        int rows = columns[0].Length;
        int width = Schema.OutputWidth;
        float[] values = new float[checked(rows * width)];
        for (int start = 0; start < rows; start += BlockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] block = [.. Enumerable.Range(start, Math.Min(BlockRows, rows - start))];
            (double[] numbers, int own, _) = session.Run([.. block.Select(row => Array.ConvertAll(bound, column => columns[column][row]))]);
            for (int row = 0; row < block.Length; row++)
            {
                for (int k = 0; k < width; k++)
                {
                    double number = own == width ? numbers[(row * width) + k] : k == 1 ? numbers[row] : 1 - numbers[row];
                    values[((start + row) * width) + k] = (float)number;
                }
            }
        }

        return new Predictions(width, values, Schema.HasLabels ? Labels(values, width) : []);
    }

    internal override void Write(GraphBuilder graph, string row)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal) { [""] = "" };
        BindInputs(graph, row, names);
        foreach (TensorProto constant in source.Model.Graph.Initializer)
        {
            TensorProto copy = constant.Clone();
            copy.Name = names[constant.Name] = graph.Reserve(Prefix + constant.Name);
            graph.Add(copy);
        }

        foreach (NodeProto node in Needed())
        {
            NodeProto copy = IsConcat(node) ? Concat(node) : node.Clone();
            copy.Name = graph.Reserve(Prefix + node.OpType);
            for (int i = 0; i < copy.Input.Count; i++)
            {
                copy.Input[i] = names[copy.Input[i]];
            }

            for (int i = 0; i < copy.Output.Count; i++)
            {
                copy.Output[i] = copy.Output[i].Length == 0 ? "" : names[node.Output[i]] = graph.Reserve(Prefix + node.Output[i]);
            }

            graph.Add(copy);
        }

        WriteAnswer(graph, names[source.Answer.Tensor]);
    }

    // The vectorizer of columns of one number is a concatenation, which the managed scorer runs.
    private bool IsConcat(NodeProto node) => node.OpType == "FeatureVectorizer" && source is { IsMatrix: false, InputType: DataType.Float }
        && node.Input.All(input => source.Inputs.Any(i => i.Name == input))
        && new OperatorAttributes(node).Integers("inputdimensions") is { } widths && widths.Count == node.Input.Count && widths.All(w => w == 1);

    private static NodeProto Concat(NodeProto node) => new()
    {
        OpType = "Concat",
        Input = { node.Input },
        Output = { node.Output },
        Attribute = { OnnxAttribute.Create("axis", 1) },
    };

    private static int[] Labels(float[] values, int width)
    {
        int[] labels = new int[values.Length / width];
        for (int row = 0; row < labels.Length; row++)
        {
            for (int k = 1; k < width; k++)
            {
                labels[row] = values[(row * width) + k] > values[(row * width) + labels[row]] ? k : labels[row];
            }
        }

        return labels;
    }

    private void BindInputs(GraphBuilder graph, string row, Dictionary<string, string> names)
    {
        if (source.IsMatrix)
        {
            names[source.Inputs[0].Name] = ToSourceType(graph, row);
            return;
        }

        for (int f = 0; f < source.Inputs.Count; f++)
        {
            names[source.Inputs[f].Name] = ToSourceType(graph, Schema.Inputs[bound[f]].Name);
        }
    }

    private string ToSourceType(GraphBuilder graph, string tensor) => source.InputType is DataType.Double
        ? graph.Add(OnnxNames.Standard, "Cast", [tensor], OnnxAttribute.Create("to", (long)DataType.Double))
        : tensor;

    // The label of the file is there to compare with, and comes from the probabilities in ours.
    private IEnumerable<NodeProto> Needed()
    {
        HashSet<string> needed = new(StringComparer.Ordinal) { source.Answer.Tensor };
        List<NodeProto> kept = [];
        foreach (NodeProto node in source.Model.Graph.Node.Reverse().Where(node => node.Output.Any(needed.Contains)))
        {
            kept.Add(node);
            needed.UnionWith(node.Input);
        }

        return kept.AsEnumerable().Reverse();
    }

    private void WriteAnswer(GraphBuilder graph, string answer)
    {
        // Whatever the source has: a list, a matrix, float or double.
        TensorProto shape = new() { Name = graph.Reserve("shape"), DataType = (int)DataType.Int64 };
        shape.Dims.Add(2);
        shape.Int64Data.AddRange([-1, session.Width]);
        graph.Add(shape);
        string single = graph.Add(OnnxNames.Standard, "Cast", [answer], OnnxAttribute.Create("to", (long)DataType.Float));
        if (!Schema.HasLabels)
        {
            graph.Output(Schema.NumericOutput, DataType.Float, Schema.OutputWidth, OnnxNames.Standard, "Reshape", [single, shape.Name]);
            return;
        }

        string probabilities = Schema.NumericOutput;
        if (session.Width == Schema.OutputWidth)
        {
            graph.Output(probabilities, DataType.Float, Schema.OutputWidth, OnnxNames.Standard, "Reshape", [single, shape.Name]);
        }
        else
        {
            string second = graph.Add(OnnxNames.Standard, "Reshape", [single, shape.Name]);
            string first = graph.Add(OnnxNames.Standard, "Sub", [graph.Constant(1f), second]);
            graph.Output(
                probabilities, DataType.Float, Schema.OutputWidth, OnnxNames.Standard, "Concat", [first, second], OnnxAttribute.Create("axis", 1));
        }

        string index = graph.Add(
            OnnxNames.Standard, "ArgMax", [probabilities], OnnxAttribute.Create("axis", 1), OnnxAttribute.Create("keepdims", 0));
        LabelPart.Write(graph, index, Schema.Classes);
    }
}
