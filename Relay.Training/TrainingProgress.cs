namespace Relay.Training;

/// <summary>Where a training run is.</summary>
/// <param name="Stage">convert (of an import), count, read, bin, tune, budget, fit, keep (rounds that early stopping keeps, of those done), evaluate,
/// export, prove, package or gate.</param>
/// <param name="Done">Units done in the stage: rows, columns, trees, rounds or candidates.</param>
/// <param name="Total">Units in the stage; null where it is not known.</param>
public sealed record TrainingProgress(string Stage, long Done, long? Total)
{
    /// <summary>After a round of boosting with early stopping, the mean loss of the validation rows; of a
    /// search, the lowest loss so far; else null.</summary>
    public double? ValidationLoss { get; init; }
}
