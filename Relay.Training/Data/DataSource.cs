using Shared.Contracts.Models;

namespace Relay.Training.Data;

/// <summary>Files to train from.</summary>
/// <param name="TestPath">The held-out file; null where the tail of <paramref name="TrainPath"/> is held out.</param>
/// <param name="HeldOutShare">Share of rows at the end of the file to hold out, above 0 and below 1; not used with a test file.</param>
public sealed record DataSource(ModelSpec Spec, string TrainPath, string? TestPath, double HeldOutShare = 0.25)
{
    /// <summary>Whether <see cref="TrainPath"/> holds the rows of this shard alone, which follow those of the shards before it;
    /// else all shards read one file, and each keeps a range of it.</summary>
    public bool IsPart { get; init; }
}
