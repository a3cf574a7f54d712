using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Shared.Scoring.Compilation;
using Shared.Scoring.Ensembles;
using Shared.Scoring.Graph;
using Shared.Scoring.Kernels;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Explaining;

/// <summary>Attributes the raw scores of a model with one tree ensemble to its inputs, whichever scorer gave the answer. Ensembles
/// before it that make its columns of one input each are encoders. Thread-safe.</summary>
internal sealed class ForestExplainer
{
    private static readonly string[] TreeOperators =
        [OnnxNames.TreeEnsembleRegressor, OnnxNames.TreeEnsembleClassifier, OnnxNames.TreeEnsemble];

    private readonly ModelSchema _schema;
    private readonly GraphPlan _features;
    private readonly PathContributions _paths;

    private ForestExplainer(ModelSchema schema, GraphPlan features, TreeForest forest) =>
        (_schema, _features, _paths) = (schema, features, new PathContributions(forest));

    /// <summary>Reads the trees and computes the means of their branches. It needs memory for one number per branch and output.</summary>
    /// <param name="onnx">A file that <see cref="ArtifactInspector"/> accepts.</param>
    /// <returns>Why the model cannot be explained, or null and the explainer.</returns>
    public static Unsupported? Load(byte[] onnx, ModelSchema schema, out ForestExplainer? explainer)
    {
        explainer = null;
        ModelProto model = ModelProto.Parser.ParseFrom(onnx);
        string[] inputs = [.. schema.Inputs.Select(i => i.Name)];
        NodeProto[] trees = FindScoring(model.Graph);
        if (trees.Length != 1)
        {
            return new Unsupported("trees", $"{trees.Length} ensembles where one can be explained");
        }

        if (Compile(schema.NumericOutput, out GraphPlan? scores) is { } scoring)
        {
            return scoring;
        }

        if (Compile(trees[0].Input[0], out GraphPlan? features) is { } encoding)
        {
            return encoding;
        }

        if (scores!.Steps.OfType<TreeStep>().ToArray() is not [.., { Forest: { } forest }] || forest.FeatureCount != features!.Output.Width
            || scores.Steps.OfType<TreeStep>().Count() != features.Steps.OfType<TreeStep>().Count() + 1)
        {
            return new Unsupported("trees", "more than one forest");
        }

        if (features.ColumnOrigins.Contains(GraphPlan.SeveralInputs))
        {
            return new Unsupported("trees", "a column that is made of several inputs");
        }

        explainer = new ForestExplainer(schema, features, forest);
        return null;

        Unsupported? Compile(string tensor, out GraphPlan? plan) =>
            GraphCompiler.Compile(model, inputs, tensor, KernelCatalog.CreateForAny, out plan);
    }

    // Ensembles whose output, by way of other operators, is no input of another ensemble.
    private static NodeProto[] FindScoring(GraphProto graph)
    {
        NodeProto[] trees = [.. graph.Node.Where(n => TreeOperators.Contains(n.OpType))];
        HashSet<string> read = new(trees.SelectMany(n => n.Input), StringComparer.Ordinal);
        foreach (NodeProto node in graph.Node.Reverse().Where(n => n.Output.Any(read.Contains)))
        {
            read.UnionWith(node.Input);
        }

        return [.. trees.Where(n => !n.Output.Any(read.Contains))];
    }

    /// <param name="label">The index of the chosen class; 0 for a task without classes.</param>
    public Attribution Explain(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int label)
    {
        float[] row = new float[_features.Output.Width];
        _features.Run(numbers, categories, rows: 1, row);
        bool isClassifier = _schema.Task is ModelTask.Classification;
        bool hasOneScore = _paths.Baseline.Length == 1;

        // The only raw score of two classes is that of the second class.
        double sign = isClassifier && hasOneScore && label == 0 ? -1 : 1;
        int output = hasOneScore ? 0 : label;
        double[] byFeature = _paths.Compute(row, output);
        double[] byInput = new double[_schema.Inputs.Count];
        for (int i = 0; i < byFeature.Length; i++)
        {
            byInput[_features.ColumnOrigins[i]] += sign * byFeature[i];
        }

        double baseline = sign * _paths.Baseline[output];
        return new Attribution(isClassifier ? _schema.Classes[label] : null, baseline, baseline + byInput.Sum(), byInput);
    }
}
