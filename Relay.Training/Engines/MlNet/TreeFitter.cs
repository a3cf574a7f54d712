using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Transforms;
using Relay.Training.Engines.Common;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.MlNet;

/// <summary>Fits missing values and trees in one context of ML.NET.</summary>
internal sealed class TreeFitter(MLContext context, ModelAlgorithm algorithm, MlNetParameters parameters, int threads)
{
    private const string Score = "Score";
    private const string Probability = "Probability";

    private bool IsForest => algorithm == ModelAlgorithm.RandomForest;

    /// <summary>After the fit: per feature, the replacement of a missing value, the mean of the others.</summary>
    public float[] Filled { get; private set; } = [];

    public MlNetModel Fit(TrainingSet set, CancellationToken cancellationToken)
    {
        IDataView rows = RowView.Create(context, set, null, cancellationToken);

        // FastTree silently skips rows with a missing value.
        ITransformer filler = context.Transforms
            .ReplaceMissingValues(RowView.Features, replacementMode: MissingValueReplacingEstimator.ReplacementMode.Mean).Fit(rows);
        Filled = ReadFilled(filler, set.Columns.Length);
        IDataView whole = filler.Transform(rows);
        string? weight = set.SampleWeights is null ? null : RowView.Weight;
        return set switch
        {
            { Targets: not null } => Regression(filler, whole, weight),
            { ClassCount: 2 } => TwoClasses(filler, whole, weight),
            _ => ManyClasses(filler, whole, weight),
        };
    }

    private float[] ReadFilled(ITransformer filler, int features)
    {
        float[] missing = new float[features];
        missing.AsSpan().Fill(float.NaN);
        IDataView view = filler.Transform(RowView.FeaturesOnly(context, features, missing));
        return view.GetColumn<float[]>(RowView.Features).Single();
    }

    private MlNetModel Regression(ITransformer filler, IDataView rows, string? weight)
    {
        if (IsForest)
        {
            FastForestRegressionTrainer.Options options = parameters.Fill(new FastForestRegressionTrainer.Options(), RowView.Target, weight, threads);
            var forest = context.Regression.Trainers.FastForest(options).Fit(rows);
            IReadOnlyList<RegressionTreeBase> trees = forest.Model.TrainedTreeEnsemble.Trees;
            return Model(forest, new TreePart(trees, 1.0 / trees.Count, 0));
        }

        FastTreeRegressionTrainer.Options boosted = parameters.Fill(new FastTreeRegressionTrainer.Options(), RowView.Target, weight, threads);
        var fitted = context.Regression.Trainers.FastTree(boosted).Fit(rows);
        return Model(fitted, new TreePart(fitted.Model.TrainedTreeEnsemble.Trees, 1, 0));

        MlNetModel Model(ITransformer trees, TreePart part) => new(Chain(filler, trees), Score, [part], Link.None);
    }

    private MlNetModel TwoClasses(ITransformer filler, IDataView rows, string? weight)
    {
        if (!IsForest)
        {
            FastTreeBinaryTrainer.Options options = parameters.Fill(new FastTreeBinaryTrainer.Options(), RowView.Positive, weight, threads);
            var fitted = context.BinaryClassification.Trainers.FastTree(options).Fit(rows);
            return Model(Chain(filler, fitted), TreePart.FromSubmodel(fitted.Model.SubModel, fitted.Model.Calibrator));
        }

        // A forest gives a score; a logistic curve that is fitted to it gives the probability.
        var forest = context.BinaryClassification.Trainers.FastForest(ForestOptions(RowView.Positive, weight)).Fit(rows);
        var curve = context.BinaryClassification.Calibrators.Platt(RowView.Positive, Score, weight).Fit(forest.Transform(rows));
        return Model(Chain(filler, forest, curve), TreePart.FromSubmodel(
            forest.Model, ((ISingleFeaturePredictionTransformer<PlattCalibrator>)curve).Model));

        MlNetModel Model(ITransformer chain, TreePart part) => new(chain, Probability, [part], Link.Sigmoid);
    }

    private MlNetModel ManyClasses(ITransformer filler, IDataView rows, string? weight)
    {
        var trainers = context.MulticlassClassification.Trainers;
        var fitted = IsForest
            ? trainers.OneVersusAll(context.BinaryClassification.Trainers.FastForest(ForestOptions(RowView.Class, weight)), RowView.Class).Fit(rows)
            : trainers.OneVersusAll(
                context.BinaryClassification.Trainers.FastTree(
                    parameters.Fill(new FastTreeBinaryTrainer.Options(), RowView.Class, weight, threads)), RowView.Class).Fit(rows);
        TreePart[] parts = [.. MlNetInternals.ClassModels(fitted.Model)
            .Cast<CalibratedModelParametersBase>().Select(m => TreePart.FromSubmodel(m.SubModel, m.Calibrator))];
        return new MlNetModel(Chain(filler, fitted), Score, parts, Link.OneVersusAll);
    }

    private FastForestBinaryTrainer.Options ForestOptions(string label, string? weight) =>
        parameters.Fill(new FastForestBinaryTrainer.Options(), label, weight, threads);

    private static TransformerChain<ITransformer> Chain(params ITransformer[] steps) => new(steps);
}
