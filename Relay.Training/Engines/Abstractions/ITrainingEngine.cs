namespace Relay.Training.Engines.Abstractions;

/// <summary>A family of trainers that a spec names.</summary>
internal interface ITrainingEngine
{
    /// <summary>The name in specs.</summary>
    string Name { get; }

    /// <summary>One entry per algorithm.</summary>
    IReadOnlyList<TrainerEntry> Trainers { get; }

    /// <summary>Checks that the libraries of the engine are on this machine.</summary>
    /// <exception cref="TrainingException">With EngineMissing: what is missing, and how to get it.</exception>
    void RequirePresent();
}
