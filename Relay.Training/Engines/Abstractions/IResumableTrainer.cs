namespace Relay.Training.Engines.Abstractions;

/// <summary>A trainer that can go on where an earlier run was stopped.</summary>
public interface IResumableTrainer : IEnsembleTrainer
{
    /// <summary>Null: a run that is stopped is lost.</summary>
    TrainingCheckpoint? Checkpoint { get; set; }
}
