namespace Relay.Training.Engines.Abstractions;

/// <summary>A family of trainers that a spec names.</summary>
internal interface ITrainingEngine
{
    /// <summary>The name in specs.</summary>
    string Name { get; }

    /// <summary>One entry per algorithm.</summary>
    IReadOnlyList<TrainerEntry> Trainers { get; }

    /// <summary>The version of what grows the trees; to be called where the engine is present.</summary>
    string Version { get; }

    /// <summary>Whether any number of threads gives the same bytes.</summary>
    bool IsThreadIndependent { get; }

    /// <summary>Checks that the libraries of the engine are on this machine.</summary>
    /// <exception cref="TrainingException">With EngineMissing: what is missing, and how to get it.</exception>
    void RequirePresent();
}
