using Relay.TestKit.Load;
using Shared.Contracts.Models;

namespace Benchmarks.Swap;

/// <summary>What swaps cost those who call: two threads without a pause, in turns with a swap every 100 ms and with none.</summary>
internal static class SwapSuite
{
    private const int Threads = 2;
    private const int Rounds = 5;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(6);

    public static Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellation) =>
        Task.Run<IReadOnlyList<BenchRow>>(() => [.. LeaseCost.Measure(cancellation), .. Swaps(cancellation)], cancellation);

    private static List<BenchRow> Swaps(CancellationToken cancellation)
    {
        SwappingNode node = new();
        List<double> quiet = [];
        List<double> swapping = [];
        (long calls, long failed, long mixed) = (0, 0, 0);
        long residentAfterWarmUp = 0;

        // The first round warms up and does not count.
        for (int round = 0; round <= Rounds; round++)
        {
            foreach ((TimeSpan? period, List<double> times) in ((TimeSpan?, List<double>)[])[(null, quiet), (Period, swapping)])
            {
                using SwapLoad load = node.Load();
                load.Start(Threads);
                node.SwapFor(Turn, period, cancellation);
                double slowest = load.Stop().Percentile(0.999);
                (calls, failed, mixed) = (calls + load.Calls, failed + load.Failed, mixed + load.Mixed);
                if (round > 0)
                {
                    times.Add(slowest);
                }
            }

            residentAfterWarmUp = round == 0 ? SwappingNode.ResidentBytes() : residentAfterWarmUp;
        }

        double growth = (SwappingNode.ResidentBytes() - residentAfterWarmUp) / 1048576.0;
        string what = $"{node.Swaps} swaps under {Threads} threads, {calls} calls, {nameof(ModelTask.Classification)} of 100 trees of depth 6";
        return
        [
            BenchRow.LessIsBetter("swap.failed", failed, null, "calls", what),
            BenchRow.LessIsBetter("swap.mixed", mixed, null, "calls", "answers whose probabilities are not those of the version they name"),
            BenchRow.LessIsBetter(
                "swap.p999.ratio", Median(swapping) / Median(quiet), null, "x",
                $"p99.9 of a call, a swap every {Period.TotalMilliseconds} ms against none: {Median(swapping):F2} and {Median(quiet):F2} us, medians of {Rounds} turns of {Turn.TotalSeconds} s"),
            BenchRow.LessIsBetter("swap.memory-growth.mib", growth, null, "MiB", "resident, from after the first round to the end"),
        ];
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
