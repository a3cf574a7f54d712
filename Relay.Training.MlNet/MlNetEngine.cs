using Relay.Training.Engines;
using Shared.Contracts.Models;

namespace Relay.Training.MlNet;

/// <summary>FastTree and FastForest of ML.NET. <see cref="TrainerCatalog"/> finds this class by its name.</summary>
public sealed class MlNetEngine : ITrainingEngine
{
    public string Name => TrainerCatalog.MlNet;

    public void Require(ModelSpec spec)
    {
        if (spec.Algorithm is not (ModelAlgorithm.GradientBoosting or ModelAlgorithm.RandomForest)
            || spec.Task is not (ModelTask.Classification or ModelTask.Regression))
        {
            throw new TrainingException(
                TrainingFault.InvalidSpec,
                $"spec, algorithm {spec.Algorithm} for the task {spec.Task}: engine '{Name}' does gradient boosting and random forests, "
                + "for classification and regression");
        }

        MlNetParameters.From(spec.Parameters, spec.Algorithm);
    }

    public IEnsembleTrainer Create(ModelSpec spec, int? threads) => new MlNetTrainer(spec.Algorithm, threads);
}
