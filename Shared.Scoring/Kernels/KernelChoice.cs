using System.Diagnostics;
using System.Runtime.InteropServices;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>The kernels that a forest runs on. Which one is fastest depends on the forest, on the processor and on whether rows come one
/// by one, so it is measured on the machine that runs the forest.</summary>
/// <param name="OneRow">The kernel for a single row.</param>
/// <param name="Batch">The kernel for many rows.</param>
internal sealed record KernelChoice(ForestKernel OneRow, ForestKernel Batch)
{
    /// <summary>Times the reference kernel and then the kernels that support the forest, most promising first, until the time is up. A
    /// kernel whose bits differ from the reference is never chosen.</summary>
    /// <param name="rows">Typical rows, one after the other, and many different ones, because a branch predictor adapts to a few
    /// rows.</param>
    public static KernelChoice Measure(TreeForest forest, ReadOnlySpan<float> rows, TimeSpan time, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        ForestKernel reference = KernelCatalog.CreateForAny(forest);
        if (rows.IsEmpty || forest.FeatureCount == 0)
        {
            return new KernelChoice(reference, reference);
        }

        float[] expected = new float[rows.Length / forest.FeatureCount * forest.OutputCount];
        float[] scores = new float[expected.Length];
        reference.ScoreBatch(rows, expected);
        Timed oneRow = Timed.Measure(reference, RowByRow, forest, rows, scores, long.MaxValue);
        Timed batch = Timed.Measure(reference, AtOnce, forest, rows, scores, long.MaxValue);
        foreach (ForestKernel kernel in KernelCatalog.CreateCandidates(forest))
        {
            cancellationToken.ThrowIfCancellationRequested();
            kernel.ScoreBatch(rows, scores);
            if (MemoryMarshal.AsBytes(scores.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(expected.AsSpan())))
            {
                oneRow = Faster(oneRow, Timed.Measure(kernel, RowByRow, forest, rows, scores, oneRow.Ticks));
                batch = Faster(batch, Timed.Measure(kernel, AtOnce, forest, rows, scores, batch.Ticks));
            }

            if (Stopwatch.GetElapsedTime(start) > time)
            {
                break;
            }
        }

        return new KernelChoice(oneRow.Kernel, batch.Kernel);
    }

    private static Timed Faster(Timed best, Timed next) => next.Ticks < best.Ticks ? next : best;

    private delegate void Pass(ForestKernel kernel, TreeForest forest, ReadOnlySpan<float> rows, float[] scores);

    private static void RowByRow(ForestKernel kernel, TreeForest forest, ReadOnlySpan<float> rows, float[] scores)
    {
        for (int at = 0, to = 0; at < rows.Length; at += forest.FeatureCount, to += forest.OutputCount)
        {
            kernel.Score(rows.Slice(at, forest.FeatureCount), scores.AsSpan(to, forest.OutputCount));
        }
    }

    private static void AtOnce(ForestKernel kernel, TreeForest forest, ReadOnlySpan<float> rows, float[] scores) => kernel.ScoreBatch(rows, scores);

    /// <summary>A kernel and the time of its best round; the other rounds were disturbed. A kernel that is far slower after two rounds is
    /// not timed further, because measuring takes processor time from predictions. One round is not enough: the first one may include the
    /// kernel's compilation or a preemption.</summary>
    private sealed record Timed(ForestKernel Kernel, long Ticks)
    {
        private const int Rounds = 5;
        private const int MinRounds = 2;
        private const double MaxSlowdown = 1.25;

        public static Timed Measure(ForestKernel kernel, Pass pass, TreeForest forest, ReadOnlySpan<float> rows, float[] scores, long bestTicks)
        {
            long best = long.MaxValue;
            for (int round = 0; round < Rounds && (round < MinRounds || best <= MaxSlowdown * bestTicks); round++)
            {
                long start = Stopwatch.GetTimestamp();
                pass(kernel, forest, rows, scores);
                best = Math.Min(best, Stopwatch.GetTimestamp() - start);
            }

            return new Timed(kernel, best);
        }
    }
}
