using Shared.Contracts.Models;

namespace Relay.Training.Engines;

/// <summary>A family of trainers that a spec names.</summary>
public interface ITrainingEngine
{
    /// <summary>What stands in <see cref="ModelSpec.Engine"/>.</summary>
    string Name { get; }

    /// <summary>Checks task, algorithm and parameters, and that what the engine needs is on this machine, without training.</summary>
    /// <exception cref="TrainingException">With InvalidSpec or EngineMissing.</exception>
    void Require(ModelSpec spec);

    /// <summary>The trainer for a spec that <see cref="Require"/> let pass.</summary>
    /// <param name="threads">Null takes the machine's processors.</param>
    IEnsembleTrainer Create(ModelSpec spec, int? threads);
}
