using Shared.Contracts.Models;

namespace Relay.Training.Engines.Abstractions;

/// <summary>One algorithm of one engine.</summary>
/// <param name="Engine">As specs name it.</param>
/// <param name="Parameters">The members of <see cref="ModelParameters"/> that it reads, as JSON names them.</param>
/// <param name="Create">From the number of threads; null where nothing grows trees.</param>
/// <param name="Check">Throws where a parameter is out of range.</param>
internal sealed record TrainerEntry(
    string Engine, ModelAlgorithm Algorithm, IReadOnlyList<ModelTask> Tasks, IReadOnlyList<string> Parameters,
    Func<int?, IEnsembleTrainer>? Create, Action<ModelParameters> Check)
{
    public static IReadOnlyList<ModelTask> ClassesAndNumbers { get; } = [ModelTask.Classification, ModelTask.Regression];
}
