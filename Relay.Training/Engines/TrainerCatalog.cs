using Shared.Contracts.Models;

namespace Relay.Training.Engines;

/// <summary>Which trainer a spec asks for.</summary>
public static class TrainerCatalog
{
    public const string Managed = "managed";

    /// <param name="threads">Null takes the machine's processors.</param>
    /// <exception cref="TrainingException">The spec names an engine that is not here.</exception>
    public static IEnsembleTrainer Create(ModelSpec spec, int? threads = null)
    {
        RequireEngine(spec);
        return spec.Algorithm switch
        {
            ModelAlgorithm.RandomForest => new RandomForestTrainer(threads),
            ModelAlgorithm.GradientBoosting => new GradientBoostingTrainer(threads),
            _ => throw NotHere(spec),
        };
    }

    /// <summary>Checks engine, algorithm and parameters without training.</summary>
    /// <exception cref="TrainingException">With <see cref="TrainingFault.InvalidSpec"/>.</exception>
    public static void Require(ModelSpec spec)
    {
        RequireEngine(spec);
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

    private static TrainingException NotHere(ModelSpec spec) =>
        new(TrainingFault.InvalidSpec, $"spec, algorithm {spec.Algorithm}: not one of this engine's");

    private static void RequireEngine(ModelSpec spec)
    {
        if (spec.Task != ModelTask.Classification)
        {
            throw new TrainingException(TrainingFault.InvalidSpec, $"spec, task {spec.Task}: not one of this engine's");
        }

        if (spec.Engine != Managed)
        {
            throw new TrainingException(TrainingFault.InvalidSpec, $"spec, engine '{spec.Engine}': expected '{Managed}'");
        }
    }
}
