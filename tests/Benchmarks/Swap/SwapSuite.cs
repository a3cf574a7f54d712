using Relay.TestKit.Load;
using Shared.Contracts.Models;

namespace Benchmarks.Swap;

/// <summary>The cost of swaps for callers: two threads without a pause, alternating between a swap every 100 ms and none.</summary>
/// <remarks>The memory layout of a version makes its calls some percent faster or slower, so turns are short, each begins with a
/// fresh version, and percentiles are of all turns together: both sides see many layouts.</remarks>
internal static class SwapSuite
{
    private const int Threads = 2;
    private const int Rounds = 20;
    private const int WarmUpSwaps = 300;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1.5);

    public static Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyList<BenchRow>>(() => [.. LeaseCost.Measure(cancellationToken), .. Swaps(cancellationToken)], cancellationToken);

    private static List<BenchRow> Swaps(CancellationToken cancellationToken)
    {
        SwappingNode node = new();
        List<LatencyHistogram> quiet = [];
        List<LatencyHistogram> swapping = [];
        (long calls, long failed, long mixed) = (0, 0, 0);
        using (SwapLoad warmUp = node.Load())
        {
            warmUp.Start(Threads);
            node.SwapTimes(WarmUpSwaps, cancellationToken);
        }

        long residentAfterWarmUp = ResidentMemory.Bytes();
        int swapsBefore = node.Swaps;
        for (int round = 0; round < Rounds; round++)
        {
            foreach ((TimeSpan? period, List<LatencyHistogram> times) in ((TimeSpan?, List<LatencyHistogram>)[])[(null, quiet), (Period, swapping)])
            {
                node.SwapTimes(1, cancellationToken);
                using SwapLoad load = node.Load();
                load.Start(Threads);
                node.SwapFor(Turn, period, cancellationToken);
                times.Add(load.Stop());
                (calls, failed, mixed) = (calls + load.Calls, failed + load.Failed, mixed + load.Mixed);
            }
        }

        (double none, double some) = (Slowest(quiet), Slowest(swapping));
        double growth = (ResidentMemory.Bytes() - residentAfterWarmUp) / 1048576.0;
        string what =
            $"{node.Swaps - swapsBefore} swaps under {Threads} threads, {calls} calls, {nameof(ModelTask.Classification)} of 100 trees of depth 6";
        return
        [
            BenchRow.LowerIsBetter("swap.failed", failed, null, "calls", what),
            BenchRow.LowerIsBetter("swap.mixed", mixed, null, "calls", "answers whose probabilities are not those of the version they name"),
            BenchRow.LowerIsBetter(
                "swap.p999.ratio", some / none, null, "x",
                $"p99.9 of a call, a swap every {Period.TotalMilliseconds} ms against none: {some:F2} and {none:F2} us over {Rounds} " +
                    $"turns of {Turn.TotalSeconds} s each"),
            BenchRow.LowerIsBetter("swap.memory-growth.mib", growth, null, "MiB", $"resident, to the end from after {WarmUpSwaps} swaps of warm-up"),
        ];
    }

    private static double Slowest(List<LatencyHistogram> turns) => LatencyHistogram.Sum(turns).Percentile(0.999);
}
