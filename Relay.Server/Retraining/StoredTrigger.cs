using Shared.Contracts.Api;

namespace Relay.Server.Retraining;

/// <summary>A trigger as the database has it.</summary>
/// <param name="Mark">What the last run has seen: the day of a time of day, or the position of a dataset.</param>
internal sealed record StoredTrigger(TrainingTriggerView View, long Mark);
