namespace Relay.Training.Engines.Abstractions;

/// <summary>A family of trainers that a spec names.</summary>
internal interface ITrainingEngine
{
    /// <summary>All that it does.</summary>
    IReadOnlyList<TrainerEntry> Trainers { get; }

    /// <summary>Checks that what the engine loads is on this machine.</summary>
    /// <exception cref="TrainingException">With EngineMissing: what is missing, and how to get it.</exception>
    void RequirePresent();
}
