using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Benchmarks.Training;

namespace Benchmarks.Trust;

/// <summary>The cost of verification: a first release of four models, and a poll without changes. Against python-tuf's
/// client on the same HTTPS server, which verifies the TUF half only: no CMS signatures, nothing flushed to the disk.</summary>
internal static class TrustSuite
{
    private const string PeerScript = "tuf_client.py";
    private const int WarmUp = 5;
    private const int ColdRuns = 30;
    private const int UnchangedRuns = 300;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        TrainingProcess us = TrainingProcess.Own(TrustServer.Command);
        using ChildProgram server = new(us.Program, us.Arguments);
        TrustServing serving = JsonSerializer.Deserialize(await server.ReadLineAsync(cancellationToken), BenchJson.Default.TrustServing)!;
        TrainingProcess? peer = await TrainingProcess.PeerAsync(PeerScript, "tuf.ngclient", cancellationToken);

        Measured cold = await ColdAsync(serving, server, cancellationToken);
        Measured unchanged = await UnchangedAsync(serving, server, cancellationToken);
        Measured? peerCold = await PeerAsync(peer, "cold", ColdRuns, serving, server, cancellationToken);
        Measured? peerUnchanged = await PeerAsync(peer, "unchanged", UnchangedRuns, serving, server, cancellationToken);

        string against = peer is null
            ? "python-tuf is not installed (PYTHONPATH leads to its source as well)"
            : "against python-tuf's client, same server";
        return
        [
            BenchRow.LowerIsBetter("trust.cold.time", cold.Milliseconds, peerCold?.Milliseconds, "ms", string.Create(
                CultureInfo.InvariantCulture,
                $"four models, {cold.Bytes / 1e6:0.##} MB, from the shipped root to verified files on disk, TLS included; " +
                    $"median of {ColdRuns}; {against}")),
            new BenchRow("trust.cold.allocated", cold.Allocated / 1e6, null, "MB", null, "managed memory per cold verification"),
            BenchRow.LowerIsBetter("trust.unchanged.time", unchanged.Milliseconds, peerUnchanged?.Milliseconds, "ms",
                $"a poll that finds nothing new, without the check-in; median of {UnchangedRuns}; {against}"),
            new BenchRow(
                "trust.unchanged.bytes", unchanged.Bytes, peerUnchanged?.Bytes, "B", null, "body bytes of one such poll; at most 300 are allowed"),
            BenchRow.LowerIsBetter("trust.unchanged.requests", unchanged.Requests, peerUnchanged?.Requests, "", "requests of one such poll"),
            new BenchRow("trust.unchanged.allocated", unchanged.Allocated, null, "B", null, "managed memory per such poll"),
        ];
    }

    private static async Task<Measured> ColdAsync(TrustServing serving, ChildProgram server, CancellationToken cancellationToken)
    {
        async Task Once()
        {
            using TrustNode node = new(serving);
            await node.VerifyReleaseAsync(cancellationToken);
        }

        return await MeasureAsync(Once, ColdRuns, server, cancellationToken);
    }

    private static async Task<Measured> UnchangedAsync(TrustServing serving, ChildProgram server, CancellationToken cancellationToken)
    {
        using TrustNode node = new(serving);
        await node.VerifyReleaseAsync(cancellationToken);
        return await MeasureAsync(() => node.RefreshAsync(cancellationToken), UnchangedRuns, server, cancellationToken);
    }

    private static async Task<Measured> MeasureAsync(Func<Task> once, int runs, ChildProgram server, CancellationToken cancellationToken)
    {
        for (int i = 0; i < WarmUp; i++)
        {
            await once();
        }

        await server.AskAsync(cancellationToken);
        List<double> seconds = [];
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await once();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return Measured.From(seconds, await server.AskAsync(cancellationToken), allocated);
    }

    private static async Task<Measured?> PeerAsync(
        TrainingProcess? peer, string mode, int runs, TrustServing serving, ChildProgram server, CancellationToken cancellationToken)
    {
        if (peer is null)
        {
            return null;
        }

        using ChildProgram client = new(
            peer.Program, [.. peer.Arguments, mode, $"{runs}", serving.Address, serving.TlsRoot, serving.TrustedRoot, .. serving.Paths]);
        await client.ReadLineAsync(cancellationToken);
        await server.AskAsync(cancellationToken);
        double[] seconds = JsonSerializer.Deserialize(await client.AskAsync(cancellationToken), BenchJson.Default.DoubleArray)!;
        return Measured.From(seconds, await server.AskAsync(cancellationToken), allocated: 0);
    }

    /// <summary>The median time; everything else per run.</summary>
    private sealed record Measured(double Milliseconds, double Requests, double Bytes, double Allocated)
    {
        public static Measured From(IReadOnlyCollection<double> seconds, string counted, long allocated)
        {
            double[] sorted = [.. seconds.Order()];
            double[] counts = [.. counted.Split(' ').Select(c => double.Parse(c, CultureInfo.InvariantCulture) / sorted.Length)];
            return new(sorted[sorted.Length / 2] * 1000, counts[0], counts[1], (double)allocated / sorted.Length);
        }
    }
}
