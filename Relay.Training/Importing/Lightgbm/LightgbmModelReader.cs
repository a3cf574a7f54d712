using System.Globalization;
using Relay.Training.Engines.Common.Categories;
using Relay.Training.Trees;

namespace Relay.Training.Importing.Lightgbm;

/// <summary>Reads LightGBM's text models, of version 3 and 4 of the form, into our form of trees.</summary>
internal static class LightgbmModelReader
{
    /// <exception cref="TrainingException">With InvalidModelFile: not such a file, or a model that trees of ours cannot say, such as linear leaves
    /// and answers that are no probabilities.</exception>
    public static LightgbmModel Read(ReadOnlyMemory<byte> file)
    {
        LightgbmFile model = LightgbmFile.Parse(file);
        LightgbmMembers header = model.Header;
        if (header.Text("version") is not ("v3" or "v4") and var version)
        {
            throw LightgbmFile.Refuse($"version '{version}', expected v3 or v4");
        }

        int features = header.Whole("max_feature_idx", 0, ImportBounds.MaxFeatures - 1) + 1;
        int outputs = header.Whole("num_tree_per_iteration", 1, ImportBounds.MaxClasses);
        (Link link, double factor) = LinkOf(header.Text("objective") ?? "", outputs);
        if (model.Trees.Count == 0 || model.Trees.Count % outputs != 0)
        {
            throw LightgbmFile.Refuse($"{model.Trees.Count} trees for {outputs} outputs, expected a whole number of rounds");
        }

        // A forest's answer is the mean of its rounds.
        double scale = header.Has("average_output") ? factor / (model.Trees.Count / outputs) : factor;
        CategorySets sets = new(features);
        int nodes = 0;
        Tree[] trees = new Tree[model.Trees.Count];
        for (int t = 0; t < trees.Length; t++)
        {
            trees[t] = LightgbmTreeReader.Read(model.Trees[t], t % outputs, features, scale, ImportBounds.MaxNodes - nodes, sets);
            nodes += trees[t].NodeCount;
        }

        sets.RequireApart(trees);
        TreeEnsemble ensemble = new(features + sets.All.Count, outputs, trees, new float[outputs], link);
        return new LightgbmModel(ensemble, sets.All, Names(header, features), LightgbmTexts.Read(model, features));
    }

    private static string[]? Names(LightgbmMembers header, int features)
    {
        if (header.Text("feature_names") is not { Length: > 0 } text)
        {
            return null;
        }

        string[] names = text.Split(' ');
        return names.Length == features ? names : throw LightgbmFile.Refuse($"header, feature_names: {names.Length} names for {features} features");
    }

    // "binary sigmoid:1": the name and its parameters.
    private static (Link Link, double Factor) LinkOf(string objective, int outputs)
    {
        string[] parts = objective.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string name = parts.Length == 0 ? "" : parts[0];
        switch (name)
        {
            case "binary" when outputs == 1:
                return (Link.Sigmoid, Parameter(parts, "sigmoid"));
            case "multiclass" when outputs > 1:
                return (Link.Softmax, 1);
            case "regression" or "regression_l2" or "regression_l1" or "huber" or "fair" or "quantile" or "mape" when outputs == 1
                && !parts.Contains("sqrt"):
                return (Link.None, 1);
            case "multiclassova":
                throw LightgbmFile.Refuse(
                    "objective 'multiclassova': its answers are no probabilities, they do not sum to 1; train with objective=multiclass");
            default:
                throw LightgbmFile.Refuse(
                    $"objective '{(objective.Length > 80 ? objective[..80] : objective)}' with {outputs} outputs; expected " +
                        $"binary, multiclass, regression, "
                    + "regression_l1, huber, fair, quantile or mape");
        }
    }

    private static double Parameter(string[] parts, string name)
    {
        string prefix = name + ":";
        string? text = parts.FirstOrDefault(p => p.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
        return text is null ? 1
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && value > 0 ? value
            : throw LightgbmFile.Refuse($"objective, {name}: '{text}', expected a number above 0");
    }
}

/// <summary>What a LightGBM file holds.</summary>
/// <param name="Ensemble">Over the features of the file, and a column of each set behind them.</param>
/// <param name="FeatureNames">Null where the file names none.</param>
internal sealed record LightgbmModel(
    TreeEnsemble Ensemble, IReadOnlyList<CategorySet> Sets, IReadOnlyList<string>? FeatureNames, SourceTexts Texts);
