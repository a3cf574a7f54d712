using Relay.Training.Engines.Abstractions;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.MlNet;

/// <summary>FastTree and FastForest of ML.NET.</summary>
internal sealed class MlNetEngine : ITrainingEngine
{
    public const string EngineName = "mlnet";

    public string Name => EngineName;

    public string Version { get; } =
        EngineVersions.FromAssembly(typeof(Microsoft.ML.Trainers.FastTree.FastTreeRegressionTrainer).Assembly).Split('+')[0];

    public bool IsThreadIndependent => false;

    public IReadOnlyList<TrainerEntry> Trainers { get; } =
    [
        new(
            ModelAlgorithm.GradientBoosting, TrainerEntry.ClassesAndNumbers, MlNetParameters.BoostingTable,
            threads => new MlNetTrainer(ModelAlgorithm.GradientBoosting, threads)) { GrowsTreesPerClass = true },
        new(
            ModelAlgorithm.RandomForest, TrainerEntry.ClassesAndNumbers, MlNetParameters.ForestTable,
            threads => new MlNetTrainer(ModelAlgorithm.RandomForest, threads)) { GrowsTreesPerClass = true },
    ];

    public void RequirePresent()
    {
    }
}
