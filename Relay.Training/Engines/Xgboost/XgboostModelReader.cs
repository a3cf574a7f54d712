using System.Globalization;
using System.Text.Json;
using Relay.Training.Engines.Common.Categories;
using Relay.Training.Trees;

namespace Relay.Training.Engines.Xgboost;

/// <summary>Reads XGBoost's JSON model files, of version 1.7 and newer, into our form of trees.</summary>
public static class XgboostModelReader
{
    private const string Linear = "gblinear";
    private const string Dart = "dart";
    private const string BestIteration = "best_iteration";
    private const string Trees = "gbtree";

    /// <param name="json">What <c>save_model("model.json")</c> wrote. All its trees count, those after the best round too.</param>
    /// <returns>Classes get a softmax or logistic link; a regression by squares has none, and its answer is the score.</returns>
    /// <exception cref="TrainingException">With InvalidModelFile: not such a file, or a model that trees of ours cannot say by themselves,
    /// such as splits by sets of categories and leaves of several values.</exception>
    public static TreeEnsemble Read(ReadOnlySpan<byte> json) => ReadModel(json) is { Sets.Count: 0, Ensemble: var ensemble }
        ? ensemble
        : throw Refuse("it splits by sets of categories, expected thresholds");

    /// <summary>The trees, and what the file says beside them.</summary>
    /// <exception cref="TrainingException">With InvalidModelFile.</exception>
    internal static XgboostModel ReadModel(ReadOnlySpan<byte> json)
    {
        XgboostLearner learner = Parse(json);
        (XgboostTrees model, float[]? weights) = TreesOf(learner.GradientBooster);
        int features = Number(learner.LearnerModelParam.NumFeature, "num_feature");
        CategorySets sets = new(features);
        TreeEnsemble ensemble = ReadTrees(learner, model, weights, features, sets);
        return new XgboostModel(ensemble, sets.All, learner.FeatureNames is { Length: > 0 } names ? names : null)
        {
            EarlierBest = FindEarlierBest(learner, ensemble),
            FeatureTypes = learner.FeatureTypes is { Length: > 0 } types ? types : null,
            Categories = model.Cats?.Enc is { Length: > 0 } lists ? lists : null,
        };
    }

    // Without early stopping some versions name the last round.
    private static int? FindEarlierBest(XgboostLearner learner, TreeEnsemble ensemble)
    {
        XgboostTreesParameters? parameters = TreesOf(learner.GradientBooster).Model.GbtreeModelParam;
        int parallel = int.TryParse(parameters?.NumParallelTree, NumberStyles.None, CultureInfo.InvariantCulture, out int trees)
            ? Math.Max(1, trees)
            : 1;
        return int.TryParse(learner.Attributes?.GetValueOrDefault(BestIteration), NumberStyles.None, CultureInfo.InvariantCulture, out int best)
            && (best + 1L) * ensemble.OutputCount * parallel < ensemble.Trees.Count ? best : null;
    }

    private static TreeEnsemble ReadTrees(XgboostLearner learner, XgboostTrees model, float[]? weights, int features, CategorySets sets)
    {
        int outputs = Math.Max(1, Number(learner.LearnerModelParam.NumClass, "num_class"));
        Link link = LinkOf(learner.Objective.Name);

        // Each class has a tree of its own in a round, so a small file has few classes.
        if ((link == Link.Softmax) != (outputs > 1) || model.TreeInfo.Length != model.Trees.Length || outputs > Math.Max(1, model.Trees.Length))
        {
            throw Refuse(
                $"objective '{learner.Objective.Name}' with {outputs} classes, {model.TreeInfo.Length} entries for {model.Trees.Length} trees");
        }

        Tree[] trees =
            [.. model.Trees.Select((tree, t) => XgboostTreeReader.Read(tree, t, model.TreeInfo[t], features, outputs, weights?[t] ?? 1, sets))];
        sets.RequireApart(trees);
        return new TreeEnsemble(features + sets.All.Count, outputs, trees, BaseValues(learner.LearnerModelParam.BaseScore, outputs, link), link);
    }

    private static (XgboostTrees Model, float[]? Weights) TreesOf(XgboostGradientBooster booster) => booster switch
    {
        { Name: Trees, Model: { WeightDrop: null or [] } model } => (model, null),
        { Name: Trees, Model: { WeightDrop: { } weights } model } when weights.Length == model.Trees.Length => (model, weights),
        { Name: Dart, Gbtree.Model: { } model, WeightDrop: { } weights } when weights.Length == model.Trees.Length => (model, weights),
        { Name: Linear } => throw Refuse($"booster '{Linear}', expected '{Trees}' or '{Dart}': a linear model has no trees"),
        _ => throw Refuse($"booster '{booster.Name}', expected '{Trees}' or '{Dart}' with its trees, and for '{Dart}' a weight of each"),
    };

    internal static TrainingException Refuse(string reason, Exception? inner = null) =>
        new(TrainingFault.InvalidModelFile, $"XGBoost model: {reason}", inner);

    private static XgboostLearner Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(XgboostNumbers.QuoteNaN(json), XgboostJson.Default.XgboostModelFile)?.Learner ?? throw Refuse("null");
        }
        catch (JsonException e)
        {
            throw Refuse($"not the JSON form, which save_model writes to a name that ends in .json: {e.Message}", e);
        }
    }

    private static Link LinkOf(string objective) => objective switch
    {
        "multi:softprob" or "multi:softmax" => Link.Softmax,
        "binary:logistic" => Link.Sigmoid,
        "reg:squarederror" or "reg:squaredlogerror" or "reg:absoluteerror" or "reg:pseudohubererror" => Link.None,
        _ => throw Refuse(
            $"objective '{objective}', expected multi:softprob, multi:softmax, binary:logistic, reg:squarederror, reg:squaredlogerror, "
            + "reg:absoluteerror or reg:pseudohubererror"),
    };

    // The file holds what the score means, the trees add to what comes before the link: for a logistic model the log-odds.
    private static float[] BaseValues(string text, int outputs, Link link)
    {
        string[] parts = text.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length != 1 && parts.Length != outputs)
        {
            throw Refuse($"{parts.Length} base scores for {outputs} outputs");
        }

        float[] values = new float[outputs];
        for (int k = 0; k < outputs; k++)
        {
            string part = parts[parts.Length == 1 ? 0 : k];
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double score))
            {
                throw Refuse($"base_score '{part}', expected a number");
            }

            values[k] = (float)(link == Link.Sigmoid ? Math.Log(score / (1 - score)) : score);
            if (!float.IsFinite(values[k]))
            {
                throw Refuse($"base_score '{part}' has no finite margin");
            }
        }

        return values;
    }

    private static int Number(string text, string name) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw Refuse($"{name} '{text}', expected a whole number");
}
