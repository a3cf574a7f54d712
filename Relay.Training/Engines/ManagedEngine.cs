using Shared.Contracts.Models;

namespace Relay.Training.Engines;

/// <summary>The built-in engine: pure .NET, on any platform.</summary>
internal sealed class ManagedEngine : ITrainingEngine
{
    public string Name => TrainerCatalog.Managed;

    public void Require(ModelSpec spec)
    {
        if (spec.Task != ModelTask.Classification)
        {
            throw new TrainingException(TrainingFault.InvalidSpec, $"spec, task {spec.Task}: not one of this engine's");
        }

        switch (spec.Algorithm)
        {
            case ModelAlgorithm.RandomForest:
                ForestParameters.From(spec.Parameters);
                break;
            case ModelAlgorithm.GradientBoosting:
                BoostingParameters.From(spec.Parameters);
                break;
            default:
                throw NotHere(spec);
        }
    }

    public IEnsembleTrainer Create(ModelSpec spec, int? threads) => spec.Algorithm switch
    {
        ModelAlgorithm.RandomForest => new RandomForestTrainer(threads),
        ModelAlgorithm.GradientBoosting => new GradientBoostingTrainer(threads),
        _ => throw NotHere(spec),
    };

    private static TrainingException NotHere(ModelSpec spec) =>
        new(TrainingFault.InvalidSpec, $"spec, algorithm {spec.Algorithm}: not one of this engine's");
}
