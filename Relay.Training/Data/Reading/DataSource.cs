using Shared.Contracts.Models;

namespace Relay.Training.Data.Reading;

/// <summary>Files to train from.</summary>
/// <param name="TestPath">The held-out file; null where the tail of <paramref name="TrainPath"/> is held out.</param>
/// <param name="HeldOutShare">Share of rows at the end of the file to hold out, above 0 and below 1; not used with a test file.</param>
public sealed record DataSource(ModelSpec Spec, string TrainPath, string? TestPath, double HeldOutShare = 0.25)
{
    /// <summary>Whether <see cref="TrainPath"/> holds the rows of this shard alone, which follow those of the shards before it;
    /// else all shards read one file, and each keeps a range of it.</summary>
    public bool IsPart { get; init; }

    /// <summary>What shards that share sums only agreed on; null for all others.</summary>
    public ShardAgreement? Agreement { get; init; }

    /// <summary>The number of rows at the end of the file to hold out.</summary>
    /// <exception cref="TrainingException">The share is out of range, or the file has too few rows.</exception>
    internal int HeldOutRows(int rows)
    {
        if (!(HeldOutShare is > 0 and < 1))
        {
            throw new TrainingException(
                TrainingFault.InvalidSpec, $"The share to hold out is {HeldOutShare}, expected above 0 and below 1");
        }

        int heldOut = (int)Math.Round(rows * HeldOutShare);
        return heldOut > 0 && heldOut < rows ? heldOut : throw new TrainingException(
            TrainingFault.InvalidData,
            $"{Path.GetFileName(TrainPath)}: {rows} rows are too few to hold out a share of {HeldOutShare}");
    }
}
