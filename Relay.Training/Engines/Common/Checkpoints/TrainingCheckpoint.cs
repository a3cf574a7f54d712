namespace Relay.Training.Engines.Common.Checkpoints;

/// <summary>A file that a trainer saves its state to, so that a killed run resumes from there. The ensemble has
/// the same bytes as that of a run that was never stopped.</summary>
/// <param name="Path">The file. A trainer that finds it resumes from it, and writes it again from time to time, when it is
/// canceled and when it is done. The caller deletes it when it is no longer needed.</param>
public sealed record TrainingCheckpoint(string Path)
{
    /// <summary>Minimum time between two writes, except for the last.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock that measures <see cref="Interval"/>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
