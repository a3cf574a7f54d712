using System.Diagnostics;
using System.Net;
using Relay.Training.Simulation;
using Shared.Contracts.Http;

namespace Benchmarks.Node;

/// <summary>What the features of a request cost a site: time, allocations, and memory at a million clients.</summary>
internal static class ExtractorRows
{
    private const int Clients = 1_000_000;
    private const int Requests = 20_000;
    private const int Rounds = 30;

    public static IEnumerable<BenchRow> Measure(CancellationToken cancellationToken)
    {
        SimulatedRequest[] play = [.. new TrafficSimulator(3, Requests, new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(2)).Play()];
        HttpFeatureExtractor extractor = new();
        float[] features = new float[HttpFeatureSchema.Count];
        List<double> times = [];
        long allocated = 0;
        for (int round = 0; round < Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            foreach (SimulatedRequest request in play)
            {
                Extract(extractor, request.Facts, request.Facts.At + TimeSpan.FromHours(2 * round), features);
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / play.Length);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        string what =
            $"median of {Rounds} rounds of {play.Length} simulated requests, {play.Average(r => r.Facts.Headers.Count):F1} header lines each";
        yield return BenchRow.LowerIsBetter("node.extractor.ns", times.Order().ElementAt(Rounds / 2), null, "ns", what);
        yield return BenchRow.LowerIsBetter(
            "node.extractor.bytes", (double)allocated / play.Length, null, "bytes", "allocated by each request, in the last round");
        yield return MeasureMemory(cancellationToken);
    }

    private static void Extract(HttpFeatureExtractor extractor, HttpRequestFacts facts, DateTimeOffset at, float[] features)
    {
        HeaderFeatures headers = new();
        for (int i = 0; i < facts.Headers.Count; i++)
        {
            headers.Add(facts.Headers[i].Key, facts.Headers[i].Value);
        }

        extractor.Extract(at, facts.Client, facts.Method, facts.Target, headers, features);
    }

    private static BenchRow MeasureMemory(CancellationToken cancellationToken)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        HttpFeatureExtractor extractor = new(Clients);
        float[] features = new float[HttpFeatureSchema.Count];
        DateTimeOffset start = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

        // Two requests of each, in two seconds, by one of a thousand programs.
        for (int i = 0; i < 2 * Clients; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int client = i % Clients;
            IPAddress address = new([100, (byte)(client >> 16), (byte)(client >> 8), (byte)client]);
            HeaderFeatures headers = new();
            headers.Add("User-Agent", $"program {client % 1000}");
            extractor.Extract(start.AddMilliseconds(i / 20), address, "GET", "/", headers, features);
        }

        double mebibytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1048576.0;
        GC.KeepAlive(extractor);
        return BenchRow.LowerIsBetter("node.extractor.memory.mib", mebibytes, null, "MiB", $"{Clients} clients that are kept, two requests each");
    }
}
