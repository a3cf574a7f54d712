using Relay.TestKit;
using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common;
using Relay.Training.Specs;

namespace Benchmarks.Training;

/// <summary>A data set of the training suite: files in CSV for us, and the same rows encoded for every side.</summary>
/// <param name="Id">As in the ids of rows.</param>
internal sealed record BenchData(string Id, DataSource Source)
{
    public const string Kdd99 = "kdd99";
    public const string Large = "758k";

    /// <summary>Null where the KDD Cup 99 files are missing.</summary>
    public static BenchData? FindKdd99() =>
        SharedData.File("kdd99/" + KddCup99.TrainFile) is { } train && SharedData.File("kdd99/" + KddCup99.TestFile) is { } test
            ? new BenchData(Kdd99, new DataSource(KddCup99.Spec, train, test))
            : null;

    /// <summary>Writes the large training file; the held-out file is that of the original.</summary>
    public static BenchData MakeLarge(BenchData original, string folder, CancellationToken cancellationToken)
    {
        string train = Path.Combine(folder, Large + ".csv");
        NoisyReplicas.Write(original.Source.TrainPath, train, cancellationToken);
        return OnLarge(train, original.Source.TestPath!);
    }

    /// <summary>The data of an id, for a process that gets its paths as arguments.</summary>
    public static BenchData On(string id, string train, string test) =>
        id == Large ? OnLarge(train, test) : new BenchData(id, new DataSource(KddCup99.Spec, train, test));

    /// <summary>Writes the encoded rows as <see cref="MatrixFiles"/>.</summary>
    public (int Columns, int Classes) Export(string folder, CancellationToken cancellationToken)
    {
        DataSplit split = DataLoader.Load(Source, null, cancellationToken);
        FeatureEncoder encoder = FeatureEncoder.Fit(split.Train);
        TrainingSet train = encoder.Encode(split.Train);
        MatrixFiles.Write(train, folder, "train");
        MatrixFiles.Write(encoder.Encode(split.Test), folder, "test");
        return (train.Columns.Length, train.ClassCount);
    }

    private static BenchData OnLarge(string train, string test) => new(Large, new DataSource(NoisyReplicas.Spec, train, test));
}
