using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Features;

/// <summary>The rows of a training run.</summary>
/// <param name="Train">The training rows, encoded; of this shard where there are several.</param>
/// <param name="Summary">Of all training rows.</param>
/// <param name="Test">The held-out rows as read.</param>
public sealed record LoadedData(
    TrainingSet Train, FeatureEncoder Encoder, IReadOnlyList<string> Classes, DataSummary Summary, DataSet Test)
{
    /// <summary>What the gates need of the training rows.</summary>
    internal TrainingRowFacts Facts { get; init; } = new([], [], [], Test);

    /// <summary>Per training row a hash of its features as they were read, where a column has statistics: rows that were equal then have different
    /// numbers. Null where such rows have equal numbers.</summary>
    internal ulong[]? RowHashes => Encoder.Encodings.Any(e => e.Statistics is not null) ? Facts.Fingerprints : null;

    public static LoadedData FromSplit(DataSplit split, ModelSpec spec)
    {
        FeatureEncoder encoder = FeatureEncoder.Fit(split.Train, spec, out TrainingSet train);
        return new LoadedData(train, encoder, split.Train.Classes, split.Train.Summary, split.Test)
        {
            Facts = TrainingRowFacts.Create(split.Train),
        };
    }
}
