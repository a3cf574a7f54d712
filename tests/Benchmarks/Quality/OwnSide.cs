using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Benchmarks.Quality;

/// <summary>The managed engine with some parameters.</summary>
/// <param name="Name">As in the ids of rows.</param>
internal sealed record OwnSide(string Name, bool IsForest, ModelParameters Parameters)
{
    private const int Threads = 2;

    public static OwnSide Boosting { get; } = new("boosting", false, new ModelParameters());

    public static OwnSide Forest { get; } = new("forest", true, new ModelParameters());

    /// <summary>What XGBoost takes where nothing is given, and what peers are given to be alike.</summary>
    public static OwnSide BoostingEqual { get; } = new(
        "boosting-equal", false,
        new ModelParameters { Trees = 100, Depth = 6, LearningRate = 0.3, L2 = 1, MinChildWeight = 1, MinSamplesLeaf = 1 });

    /// <returns>Row after row of the tested ones, a probability for each class.</returns>
    public float[] Predict(QualitySet set, CancellationToken cancellationToken)
    {
        float[] all = new float[set.Labels.Length * set.Classes];
        for (int fold = 0; fold < set.Folds; fold++)
        {
            IEnsembleTrainer trainer = IsForest ? new RandomForestTrainer(Threads) : new GradientBoostingTrainer(Threads);
            (TrainingSet train, TrainingSet test) = set.Encode(fold);
            TreeEnsemble ensemble = trainer.Train(train, Parameters, null, cancellationToken);
            float[] answers = new EnsembleEvaluator(ensemble).Probabilities(test.Columns, cancellationToken);
            Probabilities.Place(set, fold, answers, all);
        }

        return Probabilities.Tested(set, all);
    }
}
