using System.Globalization;

namespace Benchmarks.Training;

/// <summary>One algorithm on one data set: ours beside each peer that is installed.</summary>
internal sealed class PeerComparison(BenchData data, string algorithm, string settings, int runs)
{
    private const double Megabyte = 1e6;
    private static readonly string[] Peers = ["xgboost", "sklearn"];

    /// <param name="matrix">Runs a side on the encoded rows.</param>
    public async Task<IReadOnlyList<BenchRow>> RunAsync(Func<TrainingProcess, Task<FitResult>> matrix, CancellationToken cancellationToken)
    {
        Dictionary<string, TrainingProcess> sides = [];
        foreach (string peer in Peers)
        {
            if (await TrainingProcess.PeerAsync($"{peer}_{algorithm}.py", peer, cancellationToken) is { } side)
            {
                sides.Add(peer, side);
            }
            else
            {
                Console.Error.WriteLine($"{peer} is not installed: its rows are left out");
            }
        }

        // Ours and the peers alternate, so that other load on the machine affects all; the best run of each counts.
        List<FitResult> ours = [];
        Dictionary<string, List<FitResult>> theirs = sides.Keys.ToDictionary(peer => peer, _ => new List<FitResult>());
        for (int run = 0; run < runs; run++)
        {
            ours.Add(await matrix(TrainingProcess.OursOnMatrix(algorithm)));
            foreach ((string peer, TrainingProcess side) in sides)
            {
                theirs[peer].Add(await matrix(side));
            }
        }

        FitResult fromCsv = await TrainingProcess.OursOnCsv(algorithm, data).RunAsync([], cancellationToken);
        Console.Error.WriteLine($"{data.Id} {algorithm} from CSV: {fromCsv}");
        return [.. theirs.SelectMany(peer => Rows(peer.Key, ours, fromCsv, peer.Value))];
    }

    private IEnumerable<BenchRow> Rows(string peer, List<FitResult> ours, FitResult fromCsv, List<FitResult> theirs)
    {
        string id = $"training.{data.Id}.{algorithm}.";
        string versus = $".vs-{peer}";
        string note = string.Create(CultureInfo.InvariantCulture, $"{settings}; best of {runs}, two threads, the same matrix");
        yield return BenchRow.LowerIsBetter(id + "wall" + versus, ours.Min(r => r.Seconds), theirs.Min(r => r.Seconds), "s", note);
        yield return BenchRow.LowerIsBetter(
            id + "cpu" + versus, ours.Min(r => r.CpuSeconds), theirs.Min(r => r.CpuSeconds), "s", note);
        yield return BenchRow.LowerIsBetter(
            id + "memory" + versus, fromCsv.PeakBytes / Megabyte, theirs.Min(r => r.PeakBytes) / Megabyte, "MB",
            "peak resident until the fit is done; ours reads the CSV itself, the peer gets the matrix");
        yield return BenchRow.HigherIsBetter(
            id + "macro-f1" + versus, fromCsv.MacroF1, theirs[0].MacroF1, "f1", "official test split, five classes");
    }
}
