using Relay.Training.Data;
using Relay.Training.Ensembles;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using DataType = Shared.Contracts.Onnx.TensorProto.Types.DataType;

namespace Relay.Training.Onnx;

/// <summary>The one writer of models. The graph takes raw named columns and gives <c>label</c> and <c>probabilities</c>, so
/// encoders travel with the trees and no caller has to repeat them.</summary>
public static class OnnxGraphWriter
{
    private const long IrVersion = 8;
    private const long StandardVersion = 17;
    private const long MachineLearningVersion = 3;

    /// <summary>The same arguments give the same bytes.</summary>
    /// <param name="encodings">Per feature of the ensemble, how its column becomes a number.</param>
    /// <param name="classes">Class names in the order of the ensemble's outputs.</param>
    public static ModelProto Write(TreeEnsemble ensemble, IReadOnlyList<FeatureEncoding> encodings, IReadOnlyList<string> classes)
    {
        Require(ensemble, encodings, classes);
        GraphBuilder graph = new("relay");
        string[] inputs = [.. encodings.Select(e => graph.Input(e.Name, e.Categories is null ? DataType.Float : DataType.String))];
        string[] numbers = [.. encodings.Select((e, i) => e.Categories is null ? inputs[i] : Encode(graph, inputs[i], e.Categories))];
        string row = graph.Add(OnnxNames.Standard, "Concat", numbers, OnnxAttribute.Of("axis", 1));
        string probabilities = Probabilities(graph, row, ensemble, classes.Count);
        Label(graph, probabilities, classes);

        ModelProto model = new() { IrVersion = IrVersion, ProducerName = "relay", Graph = graph.Build() };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = OnnxNames.Standard, Version = StandardVersion });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = OnnxNames.MachineLearning, Version = MachineLearningVersion });
        return model;
    }

    /// <summary>A text becomes its code; any other one, and the empty one, becomes NaN.</summary>
    private static string Encode(GraphBuilder graph, string input, IReadOnlyList<string> categories)
    {
        // The empty text stands in the list too, because ONNX Runtime wants at least one key.
        return graph.Add(
            OnnxNames.MachineLearning, "LabelEncoder", [input],
            OnnxAttribute.Of("keys_strings", categories.Prepend("")),
            OnnxAttribute.Of("values_floats", Enumerable.Range(0, categories.Count).Select(code => (float)code).Prepend(float.NaN)),
            OnnxAttribute.Of("default_float", float.NaN));
    }

    private static string Probabilities(GraphBuilder graph, string row, TreeEnsemble ensemble, int classCount)
    {
        AttributeProto[] trees = TreeEnsembleOperator.Attributes(ensemble);
        if (ensemble.Link is Link.None)
        {
            return Output(OnnxNames.MachineLearning, OnnxNames.TreeEnsembleRegressor, [row], trees);
        }

        string raw = graph.Add(OnnxNames.MachineLearning, OnnxNames.TreeEnsembleRegressor, [row], trees);
        if (ensemble.Link is Link.Softmax)
        {
            return Output(OnnxNames.Standard, "Softmax", [raw], OnnxAttribute.Of("axis", 1));
        }

        if (ensemble.Link is Link.OneVersusAll)
        {
            return Output(OnnxNames.Standard, "Div", [.. SharesOfOne(graph, raw, classCount)]);
        }

        string second = graph.Add(OnnxNames.Standard, "Sigmoid", [raw]);
        string first = graph.Add(OnnxNames.Standard, "Sub", [graph.Constant(1f), second]);
        return Output(OnnxNames.Standard, "Concat", [first, second], OnnxAttribute.Of("axis", 1));

        string Output(string domain, string operation, string[] inputs, params AttributeProto[] attributes) =>
            graph.Output(ModelSchema.ProbabilitiesOutput, DataType.Float, classCount, domain, operation, inputs, attributes);
    }

    /// <summary>Probability of each class against all others, and their sum. Spelled out in operators that give the same bits for one
    /// row and for many: ONNX Runtime's Sigmoid is not exact enough to divide by, and its ReduceSum adds in another order.</summary>
    private static string[] SharesOfOne(GraphBuilder graph, string raw, int classCount)
    {
        string power = graph.Add(OnnxNames.Standard, "Exp", [graph.Add(OnnxNames.Standard, "Neg", [raw])]);
        string each = graph.Add(OnnxNames.Standard, "Div", [graph.Constant(1f), graph.Add(OnnxNames.Standard, "Add", [power, graph.Constant(1f)])]);
        string[] columns = [.. Enumerable.Range(0, classCount).Select(k => graph.Add(
            OnnxNames.Standard, "Gather", [each, graph.Constant((long)k)], OnnxAttribute.Of("axis", 1)))];
        string sum = graph.Add(OnnxNames.Standard, "Sum", columns);
        return [each, graph.Add(OnnxNames.Standard, "Max", [sum, graph.Constant(OneVersusAll.LeastSum)])];
    }

    private static void Label(GraphBuilder graph, string probabilities, IReadOnlyList<string> classes)
    {
        string index = graph.Add(
            OnnxNames.Standard, "ArgMax", [probabilities],
            OnnxAttribute.Of("axis", 1), OnnxAttribute.Of("keepdims", 0), OnnxAttribute.Of("select_last_index", 0));
        graph.Output(
            ModelSchema.LabelOutput, DataType.String, columns: null, OnnxNames.MachineLearning, "LabelEncoder", [index],
            OnnxAttribute.Of("keys_int64s", Enumerable.Range(0, classes.Count).Select(i => (long)i)),
            OnnxAttribute.Of("values_strings", classes));
    }

    private static void Require(TreeEnsemble ensemble, IReadOnlyList<FeatureEncoding> encodings, IReadOnlyList<string> classes)
    {
        int outputs = ensemble.Link is Link.Sigmoid ? 1 : classes.Count;
        if (classes.Count < 2 || ensemble.OutputCount != outputs || (ensemble.Link is Link.Sigmoid && classes.Count != 2))
        {
            throw new ArgumentException(
                $"{ensemble.OutputCount} outputs with the link {ensemble.Link} do not make {classes.Count} classes.", nameof(classes));
        }

        if (encodings.Count != ensemble.FeatureCount || ensemble.BaseValues.Length != ensemble.OutputCount)
        {
            throw new ArgumentException($"{encodings.Count} encodings for {ensemble.FeatureCount} features.", nameof(encodings));
        }
    }
}
