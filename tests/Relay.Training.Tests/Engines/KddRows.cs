using Relay.TestKit;
using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common;
using Relay.Training.Specs;

namespace Relay.Training.Tests.Engines;

/// <summary>The official split of KDD Cup 99, read and encoded once for all tests.</summary>
/// <param name="Classes">The names of the labels.</param>
internal sealed record KddRows(TrainingSet Train, TrainingSet Test, IReadOnlyList<string> Classes)
{
    private static readonly Lazy<KddRows?> Shared = new(Load);

    /// <summary>Null where the files are missing.</summary>
    public static KddRows? TryGet() => Shared.Value;

    public static KddRows GetOrSkip()
    {
        Assert.SkipWhen(Shared.Value is null, "shared/data/kdd99 is missing");
        return Shared.Value!;
    }

    private static KddRows? Load()
    {
        if (SharedData.File(Path.Combine("kdd99", KddCup99.TrainFile)) is not { } train)
        {
            return null;
        }

        DataSplit split = DataLoader.Load(KnownDataSets.Recognize(Path.GetDirectoryName(train)!));
        FeatureEncoder encoder = FeatureEncoder.Fit(split.Train);
        return new(encoder.Encode(split.Train), encoder.Encode(split.Test), split.Train.Classes);
    }
}
