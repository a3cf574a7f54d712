using Relay.Training.Engines.Abstractions;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.MlNet;

/// <summary>FastTree and FastForest of ML.NET. <see cref="EngineCatalog"/> finds this class by its name.</summary>
internal sealed class MlNetEngine : ITrainingEngine
{
    private const string Name = EngineCatalog.MlNet;

    public IReadOnlyList<TrainerEntry> Trainers { get; } =
    [
        new(
            Name, ModelAlgorithm.GradientBoosting, TrainerEntry.ClassesAndNumbers,
            ["trees", "depth", "learningRate", "minSamplesLeaf", "columnShare", "rowShare", "scale", "seed"],
            threads => new MlNetTrainer(ModelAlgorithm.GradientBoosting, threads), given => MlNetParameters.From(given)),
        new(
            Name, ModelAlgorithm.RandomForest, TrainerEntry.ClassesAndNumbers,
            ["trees", "depth", "minSamplesLeaf", "columnShare", "rowShare", "scale", "seed"],
            threads => new MlNetTrainer(ModelAlgorithm.RandomForest, threads), given => MlNetParameters.From(given)),
    ];

    public void RequirePresent()
    {
    }
}
