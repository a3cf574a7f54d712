namespace Relay.Training.Engines.Abstractions;

/// <summary>Where a trainer keeps what it has learned so far, so that a run that was killed goes on from there. The ensemble has
/// the same bytes as that of a run that was never stopped.</summary>
/// <param name="Path">The file. A trainer that finds it goes on from it, and writes it anew from time to time, when it is
/// cancelled and when it is done; whoever started the run deletes it when it is needed no more.</param>
public sealed record TrainingCheckpoint(string Path)
{
    /// <summary>Least time between two writes, but for the last.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What measures <see cref="Interval"/>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
