using Relay.Training.Engines.Common.Checkpoints;

namespace Relay.Training.Engines.Abstractions;

/// <summary>A trainer that can resume an earlier run that was stopped.</summary>
public interface IResumableTrainer : IEnsembleTrainer
{
    /// <summary>Null: a run that is stopped is lost.</summary>
    TrainingCheckpoint? Checkpoint { get; set; }
}
