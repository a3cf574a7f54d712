using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Engines.Managed.Isolation;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Managed;

/// <summary>The built-in engine: pure .NET, on any platform.</summary>
internal sealed class ManagedEngine : ITrainingEngine
{
    private const string Name = EngineCatalog.Managed;

    public IReadOnlyList<TrainerEntry> Trainers { get; } =
    [
        new(
            Name, ModelAlgorithm.RandomForest, TrainerEntry.ClassesAndNumbers,
            ["trees", "depth", "minSamplesLeaf", "minSamplesSplit", "columnShare", "scale", "seed"],
            threads => new RandomForestTrainer(threads), given => ForestParameters.From(given)),
        new(
            Name, ModelAlgorithm.GradientBoosting, TrainerEntry.ClassesAndNumbers,
            ["trees", "depth", "learningRate", "minSamplesLeaf", "minSamplesSplit", "minChildWeight", "l2", "columnShare", "rowShare",
             "earlyStoppingRounds", "watchedShare", "monotone", "scale", "seed"],
            threads => new GradientBoostingTrainer(threads), given => BoostingParameters.From(given)),
        new(
            Name, ModelAlgorithm.IsolationForest, [ModelTask.AnomalyDetection],
            ["trees", "samplesPerTree", "contamination", "scale", "seed"],
            threads => new IsolationForestTrainer(threads), given => IsolationParameters.From(given)),
        new(Name, ModelAlgorithm.StandardScaler, [ModelTask.Scaling], [], null, _ => { }),
    ];

    public void RequirePresent()
    {
    }
}
