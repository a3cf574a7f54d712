using System.Globalization;
using Relay.TestKit;
using Relay.Training.Data;
using Relay.Training.Engines;

namespace Benchmarks.Training;

/// <summary>Training on KDD Cup 99, official split: the managed engine against XGBoost and scikit-learn on the same encoded
/// matrix, same settings, two threads each, one process per fit, in turn.</summary>
internal static class TrainingSuite
{
    private const double Megabyte = 1e6;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        if (SharedData.File(Path.Combine("kdd99", KddCup99.TrainFile)) is not { } train)
        {
            Console.Error.WriteLine("The training suite needs the KDD Cup 99 files in shared/data/kdd99 (or RELAY_SHARED_DATA).");
            return [];
        }

        string folder = Directory.CreateTempSubdirectory("relay-bench-").FullName;
        try
        {
            (int columns, int classes) = Export(Path.GetDirectoryName(train)!, folder, cancellationToken);
            async Task<FitResult> Fit(Side side)
            {
                FitResult result = await side.RunAsync(folder, columns, classes, cancellationToken);
                Console.Error.WriteLine($"{Path.GetFileName(side.Arguments[^1])}: {result}");
                return result;
            }

            Side? xgboost = await Side.PeerAsync("xgboost_boosting.py", "xgboost", cancellationToken);
            Side? sklearn = await Side.PeerAsync("sklearn_forest.py", "sklearn", cancellationToken);
            return
            [
                .. await CompareAsync("boosting", "xgboost", "100 rounds, depth 6, 255 bins", Side.Ours("boosting"), xgboost, 3, Fit),
                .. await CompareAsync("forest", "sklearn", "100 trees, depth 20, sqrt columns", Side.Ours("forest"), sklearn, 2, Fit),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (int Columns, int Classes) Export(string data, string folder, CancellationToken cancellationToken)
    {
        DataSplit split = DataLoader.Load(KnownDataSets.Recognize(data, cancellationToken), null, cancellationToken);
        FeatureEncoder encoder = FeatureEncoder.Fit(split.Train);
        TrainingSet train = encoder.Encode(split.Train);
        MatrixFiles.Write(train, folder, "train");
        MatrixFiles.Write(encoder.Encode(split.Test), folder, "test");
        return (train.Columns.Length, train.ClassCount);
    }

    // Ours and the peer take turns, so that a busy spell of the machine hits both; the best run of each counts.
    private static async Task<IReadOnlyList<BenchRow>> CompareAsync(
        string algorithm, string peerName, string settings, Side ours, Side? peer, int runs, Func<Side, Task<FitResult>> fit)
    {
        List<FitResult> own = [];
        List<FitResult> other = [];
        for (int run = 0; run < runs; run++)
        {
            own.Add(await fit(ours));
            if (peer is not null)
            {
                other.Add(await fit(peer));
            }
        }

        string id = $"training.kdd99.{algorithm}.";
        string versus = $".vs-{peerName}";
        string note = settings + (peer is null ? $"; {peerName} is not installed" : string.Create(
            CultureInfo.InvariantCulture, $"; best of {runs}, two threads"));
        double? Best(Func<FitResult, double> value) => other.Count == 0 ? null : other.Min(value);
        return
        [
            BenchRow.LessIsBetter(id + "wall" + versus, own.Min(r => r.Seconds), Best(r => r.Seconds), "s", note),
            BenchRow.LessIsBetter(
                id + "memory" + versus, own.Min(r => r.PeakBytes) / Megabyte, Best(r => r.PeakBytes) / Megabyte, "MB",
                "peak resident until the fit is done"),
            BenchRow.MoreIsBetter(
                id + "macro-f1" + versus, own[0].MacroF1, other.Count == 0 ? null : other[0].MacroF1, "f1", "official test split, five classes"),
        ];
    }
}
