using System.Diagnostics;
using Shared.Scoring.Threads;
using Sync.Client.Scoring;

namespace Benchmarks.Swap;

/// <summary>The cost of a lease per call: on one thread, and on two at once.</summary>
internal static class LeaseCost
{
    private const int Blocks = 2_000;
    // A fraction of a millisecond, so that most blocks have the processor to themselves.
    private const int CallsPerBlock = 10_000;

    public static IEnumerable<BenchRow> Measure(CancellationToken cancellationToken)
    {
        Lease lease = new(() => { });
        double one = MedianOf(lease, cancellationToken);
        double[] both = new double[2];
        Thread[] threads = [.. both.Select((_, i) => new Thread(() => both[i] = MedianOf(lease, cancellationToken)))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        yield return BenchRow.LowerIsBetter("scoring.lease.ns", one, null, "ns", "to enter and leave, one thread; median of blocks");
        yield return BenchRow.LowerIsBetter("scoring.lease.two-threads.ns", both.Max(), null, "ns", "the same, two threads at once, the slower one");
    }

    private static double MedianOf(Lease lease, CancellationToken cancellationToken)
    {
        List<double> times = [];
        for (int block = 0; block < Blocks; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < CallsPerBlock; i++)
            {
                lease.TryEnter(out ThreadSlot? slot);
                lease.Leave(slot);
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / CallsPerBlock);
        }

        return times.Order().ElementAt(times.Count / 2);
    }
}
