namespace Relay.Server.Training;

/// <summary>How a training run ended.</summary>
internal enum TrainingOutcome
{
    Succeeded,
    Failed,
    Cancelled,
}
