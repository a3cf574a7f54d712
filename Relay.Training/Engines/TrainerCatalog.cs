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
            _ => throw new TrainingException(TrainingFault.InvalidSpec, $"spec, algorithm {spec.Algorithm}: not one of this engine's"),
        };
    }

    /// <summary>Checks engine, algorithm and parameters without training.</summary>
    /// <exception cref="TrainingException">With <see cref="TrainingFault.InvalidSpec"/>.</exception>
    public static void Require(ModelSpec spec)
    {
        RequireEngine(spec);
        if (spec.Algorithm == ModelAlgorithm.RandomForest)
        {
            ForestParameters.From(spec.Parameters);
        }
        else
        {
            BoostingParameters.From(spec.Parameters);
        }
    }

    private static void RequireEngine(ModelSpec spec)
    {
        if (spec.Engine != Managed)
        {
            throw new TrainingException(TrainingFault.InvalidSpec, $"spec, engine '{spec.Engine}': expected '{Managed}'");
        }
    }
}
