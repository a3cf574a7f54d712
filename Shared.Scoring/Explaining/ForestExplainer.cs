using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Shared.Scoring.Ensembles;
using Shared.Scoring.Graph;
using Shared.Scoring.Kernels;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Explaining;

/// <summary>Takes answers of a model with one tree ensemble apart by input, whichever scorer gave them. Safe for any number of threads at
/// once.</summary>
internal sealed class ForestExplainer
{
    private static readonly string[] TreeOperators = ["TreeEnsembleRegressor", "TreeEnsembleClassifier", "TreeEnsemble"];
    private readonly ModelSchema _schema;
    private readonly GraphPlan _features;
    private readonly int[] _origins;
    private readonly PathContributions _paths;

    private ForestExplainer(ModelSchema schema, GraphPlan features, int[] origins, TreeForest forest)
    {
        (_schema, _features, _origins, _paths) = (schema, features, origins, new PathContributions(forest));
    }

    /// <summary>Reads the trees and works out the means of their branches: as much memory as the trees, times outputs.</summary>
    /// <param name="onnx">A file that <see cref="ArtifactInspector"/> accepts.</param>
    /// <returns>Why it cannot be explained, or null and the explainer.</returns>
    public static Unsupported? Load(byte[] onnx, ModelSchema schema, out ForestExplainer? explainer)
    {
        explainer = null;
        ModelProto model = ModelProto.Parser.ParseFrom(onnx);
        string[] inputs = [.. schema.Inputs.Select(i => i.Name)];
        NodeProto[] trees = [.. model.Graph.Node.Where(n => TreeOperators.Contains(n.OpType))];
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

        if (scores!.Steps.OfType<TreeStep>().ToArray() is not [{ Forest: { } forest }] || forest.FeatureCount != features!.Output.Width)
        {
            return new Unsupported("trees", "more than one forest");
        }

        int[]? origins = new FeatureOrigins(
            model.Graph, inputs, tensor => Compile(tensor, out GraphPlan? plan) is null ? plan!.Output.Width : null).Of(trees[0].Input[0]);
        if (origins?.Length != forest.FeatureCount)
        {
            return new Unsupported("trees", "a column that is made of several inputs");
        }

        explainer = new ForestExplainer(schema, features, origins, forest);
        return null;

        Unsupported? Compile(string tensor, out GraphPlan? plan) =>
            GraphCompiler.Compile(model, inputs, tensor, forest => new InterleavedKernel(forest), out plan);
    }

    /// <param name="label">The place of the chosen class; 0 where there are none.</param>
    public Attribution Explain(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int label)
    {
        float[] row = new float[_features.Output.Width];
        _features.Run(numbers, categories, rows: 1, row);
        bool isClassifier = _schema.Task is ModelTask.Classification;
        bool hasOneScore = _paths.Baseline.Length == 1;

        // The one score of two classes is that of the second.
        double sign = isClassifier && hasOneScore && label == 0 ? -1 : 1;
        int output = hasOneScore ? 0 : label;
        double[] byFeature = _paths.Of(row, output);
        double[] byInput = new double[_schema.Inputs.Count];
        for (int i = 0; i < byFeature.Length; i++)
        {
            byInput[_origins[i]] += sign * byFeature[i];
        }

        double baseline = sign * _paths.Baseline[output];
        return new Attribution(isClassifier ? _schema.Classes[label] : null, baseline, baseline + byInput.Sum(), byInput);
    }
}
