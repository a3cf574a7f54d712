using System.Diagnostics;
using System.Runtime.InteropServices;
using Shared.Scoring.Threads;
using Sync.Client.Scoring;

namespace Benchmarks.Scoring;

/// <summary>Times the managed scorer and ONNX Runtime on the same rows, alternating, so that other load on the machine affects both.</summary>
/// <param name="OneRow">Microseconds of a call with one row, ours and the peer's.</param>
/// <param name="Batch">Microseconds of a row in a batch, ours and the peer's.</param>
/// <param name="Differing">Rows of which some bit of the output differs.</param>
/// <param name="AllocatedBytes">Per call of ours.</param>
internal sealed record ScoringComparison((double Ours, double Peer) OneRow, (double Ours, double Peer) Batch, int Differing, double AllocatedBytes)
{
    private const int Blocks = 40;
    private const int CallsPerBlock = 500;
    private const int BatchRows = 1024;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.5);

    public static ScoringComparison Measure(ScoringCase model, CancellationToken cancellationToken)
    {
        ModelScorer ours = model.Managed(cancellationToken);
        ModelScorer peer = model.OnnxRuntime();
        try
        {
            float[] outputs = new float[model.Rows * ours.OutputWidth];
            int differing = CountDiffering(model, ours, peer);
            (double, double) oneRow = Alternate(
                block => OneByOne(model, ours, outputs, block), block => OneByOne(model, peer, outputs, block), cancellationToken);
            (double, double) batch = Alternate(
                block => AtOnce(model, ours, outputs, block), block => AtOnce(model, peer, outputs, block), cancellationToken);
            long before = GC.GetAllocatedBytesForCurrentThread();
            OneByOne(model, ours, outputs, 0);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return new ScoringComparison(oneRow, batch, differing, allocated / (double)CallsPerBlock);
        }
        finally
        {
            ours.Retire();
            peer.Retire();
        }
    }

    /// <summary>Medians, after a warm-up long enough for the compiler's last tier.</summary>
    private static (double Ours, double Peer) Alternate(Func<int, double> ours, Func<int, double> peer, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        for (int block = 0; Stopwatch.GetElapsedTime(start) < WarmUp; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ours(block);
            peer(block);
        }

        List<double> ourTimes = [];
        List<double> peerTimes = [];
        for (int block = 0; block < Blocks; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ourTimes.Add(ours(block));
            peerTimes.Add(peer(block));
        }

        return (Median(ourTimes), Median(peerTimes));
    }

    private static double OneByOne(ScoringCase model, ModelScorer scorer, float[] outputs, int block)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < CallsPerBlock; i++)
        {
            int row = ((block * CallsPerBlock) + i) % model.Rows;
            scorer.TryEnter(out ThreadSlot? slot);
            scorer.Score(
                model.Numbers.AsSpan(row * model.Width, model.Width), model.Categories.AsSpan(row * model.CategoryCount, model.CategoryCount),
                1, outputs.AsSpan(0, scorer.OutputWidth));
            scorer.Leave(slot);
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / CallsPerBlock;
    }

    private static double AtOnce(ScoringCase model, ModelScorer scorer, float[] outputs, int block)
    {
        int rows = Math.Min(BatchRows, model.Rows);
        int first = block * rows % (model.Rows - rows + 1);
        long start = Stopwatch.GetTimestamp();
        scorer.TryEnter(out ThreadSlot? slot);
        scorer.Score(
            model.Numbers.AsSpan(first * model.Width, rows * model.Width),
            model.Categories.AsSpan(first * model.CategoryCount, rows * model.CategoryCount), rows, outputs);
        scorer.Leave(slot);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / rows;
    }

    private static int CountDiffering(ScoringCase model, ModelScorer ours, ModelScorer peer)
    {
        int width = ours.OutputWidth;
        float[] managed = new float[model.Rows * width];
        float[] native = new float[model.Rows * width];
        ours.Score(model.Numbers, model.Categories, model.Rows, managed);
        peer.Score(model.Numbers, model.Categories, model.Rows, native);
        return Enumerable.Range(0, model.Rows).Count(row => !MemoryMarshal.AsBytes(managed.AsSpan(row * width, width))
            .SequenceEqual(MemoryMarshal.AsBytes(native.AsSpan(row * width, width))));
    }

    private static double Median(List<double> times)
    {
        double[] ordered = [.. times.Order()];
        return ordered[ordered.Length / 2];
    }
}
