using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sync.Client.Runtime.Managed.Kernels;

/// <summary>The kernels that a forest runs on: which one is fastest depends on the forest's shape, on the processor, and on
/// whether rows come one by one, so it is measured where the forest is to run.</summary>
/// <param name="OneRow">For a single row.</param>
/// <param name="Batch">For many rows.</param>
internal sealed record KernelChoice(ForestKernel OneRow, ForestKernel Batch)
{
    private const int Rounds = 5;

    /// <summary>Times the plainest kernel and then those that take the forest, most promising first, until the time is up. A kernel
    /// whose bits differ from the plainest one's is out of the question.</summary>
    /// <param name="rows">Rows like those to come, one after the other; different ones, or a processor learns them by heart.</param>
    public static KernelChoice Measure(TreeForest forest, ReadOnlySpan<float> rows, TimeSpan time, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        InterleavedKernel plainest = new(forest);
        if (rows.IsEmpty || forest.FeatureCount == 0)
        {
            return new KernelChoice(plainest, plainest);
        }

        float[] expected = new float[rows.Length / forest.FeatureCount * forest.OutputCount];
        plainest.ScoreBatch(rows, expected);
        float[] scores = new float[expected.Length];
        Timed oneRow = new(plainest, RowByRow(plainest, forest, rows, scores));
        Timed batch = new(plainest, AtOnce(plainest, rows, scores));
        foreach (ForestKernel kernel in KernelCatalog.Special(forest))
        {
            cancellationToken.ThrowIfCancellationRequested();
            kernel.ScoreBatch(rows, scores);
            if (MemoryMarshal.AsBytes(scores.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(expected.AsSpan())))
            {
                oneRow = Faster(oneRow, new Timed(kernel, RowByRow(kernel, forest, rows, scores)));
                batch = Faster(batch, new Timed(kernel, AtOnce(kernel, rows, scores)));
            }

            if (Stopwatch.GetElapsedTime(start) > time)
            {
                break;
            }
        }

        return new KernelChoice(oneRow.Kernel, batch.Kernel);
    }

    private static Timed Faster(Timed best, Timed next) => next.Ticks < best.Ticks ? next : best;

    private static long RowByRow(ForestKernel kernel, TreeForest forest, ReadOnlySpan<float> rows, float[] scores)
    {
        long best = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int at = 0, to = 0; at < rows.Length; at += forest.FeatureCount, to += forest.OutputCount)
            {
                kernel.Score(rows.Slice(at, forest.FeatureCount), scores.AsSpan(to, forest.OutputCount));
            }

            best = Math.Min(best, Stopwatch.GetTimestamp() - start);
        }

        return best;
    }

    private static long AtOnce(ForestKernel kernel, ReadOnlySpan<float> rows, float[] scores)
    {
        long best = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            kernel.ScoreBatch(rows, scores);
            best = Math.Min(best, Stopwatch.GetTimestamp() - start);
        }

        return best;
    }

    private sealed record Timed(ForestKernel Kernel, long Ticks);
}
