using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Abstractions;
using Shared.Contracts.Models;

namespace Relay.Training.Data;

/// <summary>What a training run works on.</summary>
/// <param name="Train">The training rows, encoded; of this shard where there are several.</param>
/// <param name="Summary">Of all training rows.</param>
/// <param name="Test">The held-out rows as read.</param>
public sealed record LoadedData(
    TrainingSet Train, FeatureEncoder Encoder, IReadOnlyList<string> Classes, DataSummary Summary, DataSet Test)
{
    public static LoadedData Of(DataSplit split)
    {
        FeatureEncoder encoder = FeatureEncoder.Fit(split.Train);
        return new LoadedData(encoder.Encode(split.Train), encoder, split.Train.Classes, split.Train.Summary, split.Test);
    }
}
