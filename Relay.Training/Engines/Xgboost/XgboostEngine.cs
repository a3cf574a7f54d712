using Shared.Contracts.Models;

namespace Relay.Training.Engines.Xgboost;

/// <summary>Gradient boosting by the XGBoost library of the machine, which is not shipped.</summary>
internal sealed class XgboostEngine : ITrainingEngine
{
    public string Name => TrainerCatalog.Xgboost;

    public void Require(ModelSpec spec)
    {
        if (spec.Algorithm != ModelAlgorithm.GradientBoosting || spec.Task is not (ModelTask.Classification or ModelTask.Regression))
        {
            throw new TrainingException(
                TrainingFault.InvalidSpec,
                $"spec, algorithm {spec.Algorithm} for the task {spec.Task}: engine '{Name}' does gradient boosting, for classification and regression");
        }

        XgboostParameters.From(spec.Parameters);
        XgboostLibrary.Require();
    }

    public IEnsembleTrainer Create(ModelSpec spec, int? threads) => new XgboostTrainer(threads);
}
