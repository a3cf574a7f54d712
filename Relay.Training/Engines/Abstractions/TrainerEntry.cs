using Shared.Contracts.Models;

namespace Relay.Training.Engines.Abstractions;

/// <summary>One algorithm of one engine.</summary>
/// <param name="Create">From the number of threads; null where nothing grows trees.</param>
internal sealed record TrainerEntry(
    ModelAlgorithm Algorithm, IReadOnlyList<ModelTask> Tasks, TrainerParameters Parameters, Func<int?, IEnsembleTrainer>? Create)
{
    /// <summary>Whether each class has trees of its own where there are more than two.</summary>
    public bool GrowsTreesPerClass { get; init; }

    public static IReadOnlyList<ModelTask> ClassesAndNumbers { get; } = [ModelTask.Classification, ModelTask.Regression];
}
