using System.Diagnostics;
using System.Runtime.InteropServices;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>The kernels that a forest runs on: which one is fastest depends on the forest's shape, on the processor, and on
/// whether rows come one by one, so it is measured where the forest is to run.</summary>
/// <param name="OneRow">For a single row.</param>
/// <param name="Batch">For many rows.</param>
internal sealed record KernelChoice(ForestKernel OneRow, ForestKernel Batch)
{
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
        float[] scores = new float[expected.Length];
        plainest.ScoreBatch(rows, expected);
        Timed oneRow = Timed.Of(plainest, RowByRow, forest, rows, scores, long.MaxValue);
        Timed batch = Timed.Of(plainest, AtOnce, forest, rows, scores, long.MaxValue);
        foreach (ForestKernel kernel in KernelCatalog.Candidates(forest))
        {
            cancellationToken.ThrowIfCancellationRequested();
            kernel.ScoreBatch(rows, scores);
            if (MemoryMarshal.AsBytes(scores.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(expected.AsSpan())))
            {
                oneRow = Faster(oneRow, Timed.Of(kernel, RowByRow, forest, rows, scores, oneRow.Ticks));
                batch = Faster(batch, Timed.Of(kernel, AtOnce, forest, rows, scores, batch.Ticks));
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

    /// <summary>A kernel and the best of a few rounds over the rows: others were disturbed. One that is far behind after two rounds is not
    /// worth the rest, which is time taken from those who ask for predictions meanwhile. Not after one: it compiles the kernel where that
    /// is new to this process, and a thread that loses the processor in a round has it for the next.</summary>
    private sealed record Timed(ForestKernel Kernel, long Ticks)
    {
        private const int Rounds = 5;
        private const int LeastRounds = 2;
        private const double FarBehind = 1.25;

        public static Timed Of(ForestKernel kernel, Pass pass, TreeForest forest, ReadOnlySpan<float> rows, float[] scores, long toBeat)
        {
            long best = long.MaxValue;
            for (int round = 0; round < Rounds && (round < LeastRounds || best <= FarBehind * toBeat); round++)
            {
                long start = Stopwatch.GetTimestamp();
                pass(kernel, forest, rows, scores);
                best = Math.Min(best, Stopwatch.GetTimestamp() - start);
            }

            return new Timed(kernel, best);
        }
    }
}
