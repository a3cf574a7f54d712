using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Engines.Managed.Isolation;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Managed;

/// <summary>The built-in engine: pure .NET, on any platform.</summary>
internal sealed class ManagedEngine : ITrainingEngine
{
    public const string EngineName = "managed";

    public string Name => EngineName;

    /// <summary>It is a part of this program.</summary>
    public string Version { get; } = EngineVersions.FromAssembly(typeof(ManagedEngine).Assembly);

    public bool IsThreadIndependent => true;

    public IReadOnlyList<TrainerEntry> Trainers { get; } =
    [
        new(
            ModelAlgorithm.RandomForest, TrainerEntry.ClassesAndNumbers, ForestParameters.Table,
            threads => new RandomForestTrainer(threads)),
        new(
            ModelAlgorithm.GradientBoosting, TrainerEntry.ClassesAndNumbers, BoostingParameters.Table,
            threads => new GradientBoostingTrainer(threads)) { GrowsTreesPerClass = true },
        new(
            ModelAlgorithm.IsolationForest, [ModelTask.AnomalyDetection], IsolationParameters.Table,
            threads => new IsolationForestTrainer(threads)),
        new(ModelAlgorithm.StandardScaler, [ModelTask.Scaling], new TrainerParameters(), null),
    ];

    public void RequirePresent()
    {
    }
}
