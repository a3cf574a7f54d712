using System.Diagnostics;
using Sync.Client;

namespace Benchmarks.Scoring;

/// <summary>What a call of <c>Predict</c> costs over ONNX Runtime itself, and what it allocates.</summary>
internal static class ScoringSuite
{
    private const int Blocks = 120;
    private const int CallsPerBlock = 1000;

    public static Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellation) =>
        Task.Run(() => Run(new ScoringModel(features: 29, classes: 5, trees: 100, depth: 6), cancellation), cancellation);

    private static IReadOnlyList<BenchRow> Run(ScoringModel model, CancellationToken cancellation)
    {
        IRelayModel ours = model.Activate();
        using RawOnnxRuntime peer = new(model);
        RequireSameAnswers(model, ours, peer);

        float[] probabilities = new float[model.Schema.Classes.Count];
        List<double> ourTimes = [];
        List<double> peerTimes = [];
        int next = 0;

        // In turns, so that whatever else the machine does meets both alike; the first tenth warms up.
        for (int block = 0; block < Blocks; block++)
        {
            cancellation.ThrowIfCancellationRequested();
            int start = next;
            ourTimes.Add(Time(i => ours.Predict(model.Rows[i], probabilities), model.Rows.Length, start));
            peerTimes.Add(Time(i => peer.Predict(model.Rows[i]), model.Rows.Length, start));
            next += CallsPerBlock;
        }

        double bytes = AllocatedPerCall(model, ours, probabilities);
        return
        [
            BenchRow.LessIsBetter(
                "scoring.predict-overhead.100x6", Median(ourTimes), Median(peerTimes), "us",
                "Predict against ONNX Runtime with IoBinding by hand, one thread, 29 features, 5 classes, rotating rows; medians of blocks in turns"),
            new BenchRow("scoring.allocated-bytes.100x6", bytes, null, "B", null, "managed bytes per Predict"),
        ];
    }

    private static void RequireSameAnswers(ScoringModel model, IRelayModel ours, RawOnnxRuntime peer)
    {
        foreach (float[] row in model.Rows)
        {
            if (ours.Predict(row).LabelIndex != peer.Predict(row))
            {
                throw new InvalidOperationException("ours and the peer give different labels: there is nothing to compare");
            }
        }
    }

    /// <summary>Microseconds per call in one block.</summary>
    private static double Time<T>(Func<int, T> call, int rows, int first)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < CallsPerBlock; i++)
        {
            call((first + i) % rows);
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / CallsPerBlock;
    }

    private static double AllocatedPerCall(ScoringModel model, IRelayModel ours, float[] probabilities)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < CallsPerBlock; i++)
        {
            ours.Predict(model.Rows[i], probabilities);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)CallsPerBlock;
    }

    private static double Median(List<double> times)
    {
        double[] warm = [.. times.Skip(Blocks / 10).Order()];
        return warm[warm.Length / 2];
    }
}
