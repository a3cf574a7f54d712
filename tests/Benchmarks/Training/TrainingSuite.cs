namespace Benchmarks.Training;

/// <summary>Training on KDD Cup 99 and on 758,000 noisy replicas of it, official test split: the managed engine against XGBoost and
/// scikit-learn at the same settings, two threads each, one process per fit, in turn.</summary>
internal static class TrainingSuite
{
    private const string BoostingSettings = "100 rounds, depth 6, 255 bins";
    private const string ForestSettings = "100 trees, depth 20, sqrt columns";

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        if (BenchData.FindKdd99() is not { } kdd99)
        {
            Console.Error.WriteLine("The training suite needs the KDD Cup 99 files in shared/data/kdd99 (or RELAY_SHARED_DATA).");
            return [];
        }

        List<BenchRow> rows = [ShardInvariance.Measure(kdd99.Source, cancellationToken)];
        await InFolderAsync(async folder =>
        {
            rows.AddRange(await CompareAsync(kdd99, folder, 3, cancellationToken));
        });
        await InFolderAsync(async folder =>
        {
            rows.AddRange(await CompareAsync(BenchData.MakeLarge(kdd99, folder, cancellationToken), folder, 1, cancellationToken));
        });
        return rows;
    }

    private static async Task<IReadOnlyList<BenchRow>> CompareAsync(
        BenchData data, string folder, int runs, CancellationToken cancellationToken)
    {
        (int columns, int classes) = data.Export(folder, cancellationToken);
        async Task<FitResult> Fit(TrainingProcess side)
        {
            FitResult result = await side.RunAsync([folder, $"{columns}", $"{classes}"], cancellationToken);
            Console.Error.WriteLine($"{data.Id} {Path.GetFileName(side.Arguments[^1])}: {result}");
            return result;
        }

        return
        [
            .. await new PeerComparison(data, "boosting", BoostingSettings, runs).RunAsync(Fit, cancellationToken),
            .. await new PeerComparison(data, "forest", ForestSettings, 1).RunAsync(Fit, cancellationToken),
        ];
    }

    private static async Task InFolderAsync(Func<string, Task> work)
    {
        string folder = Directory.CreateTempSubdirectory("relay-bench-").FullName;
        try
        {
            await work(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
