using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Benchmarks.Training;

namespace Benchmarks.Trust;

/// <summary>What it costs to believe: a release of four models from nothing, and a poll that finds nothing new. Against python-tuf's
/// client on the same HTTPS server, which verifies the TUF half only: no CMS signatures, nothing flushed to the disk.</summary>
internal static class TrustSuite
{
    private const string PeerScript = "tuf_client.py";
    private const int WarmUp = 5;
    private const int ColdRuns = 30;
    private const int UnchangedRuns = 300;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellation)
    {
        Side us = Side.Own(TrustServer.Command);
        using ChildProgram server = new(us.Program, us.Arguments);
        TrustServing serving = JsonSerializer.Deserialize(await server.ReadLineAsync(cancellation), BenchJson.Default.TrustServing)!;
        Side? peer = await Side.PeerAsync(PeerScript, "tuf.ngclient", cancellation);

        Measured cold = await ColdAsync(serving, server, cancellation);
        Measured unchanged = await UnchangedAsync(serving, server, cancellation);
        Measured? peerCold = await PeerAsync(peer, "cold", ColdRuns, serving, server, cancellation);
        Measured? peerUnchanged = await PeerAsync(peer, "unchanged", UnchangedRuns, serving, server, cancellation);

        string against = peer is null ? "python-tuf is not installed (PYTHONPATH leads to its source as well)" : "against python-tuf's client, same server";
        return
        [
            BenchRow.LessIsBetter("trust.cold.time", cold.Milliseconds, peerCold?.Milliseconds, "ms", string.Create(
                CultureInfo.InvariantCulture,
                $"four models, {cold.Bytes / 1e6:0.##} MB, from the shipped root to verified files on disk, TLS included; median of {ColdRuns}; {against}")),
            new BenchRow("trust.cold.allocated", cold.Allocated / 1e6, null, "MB", null, "managed memory per cold verification"),
            BenchRow.LessIsBetter("trust.unchanged.time", unchanged.Milliseconds, peerUnchanged?.Milliseconds, "ms",
                $"a poll that finds nothing new, without the check-in; median of {UnchangedRuns}; {against}"),
            new BenchRow("trust.unchanged.bytes", unchanged.Bytes, peerUnchanged?.Bytes, "B", null, "body bytes of one such poll; at most 300 are allowed"),
            BenchRow.LessIsBetter("trust.unchanged.requests", unchanged.Requests, peerUnchanged?.Requests, "", "requests of one such poll"),
            new BenchRow("trust.unchanged.allocated", unchanged.Allocated, null, "B", null, "managed memory per such poll"),
        ];
    }

    private static async Task<Measured> ColdAsync(TrustServing serving, ChildProgram server, CancellationToken cancellation)
    {
        async Task Once()
        {
            using TrustNode node = new(serving);
            await node.VerifyReleaseAsync(cancellation);
        }

        return await MeasureAsync(Once, ColdRuns, server, cancellation);
    }

    private static async Task<Measured> UnchangedAsync(TrustServing serving, ChildProgram server, CancellationToken cancellation)
    {
        using TrustNode node = new(serving);
        await node.VerifyReleaseAsync(cancellation);
        return await MeasureAsync(() => node.RefreshAsync(cancellation), UnchangedRuns, server, cancellation);
    }

    private static async Task<Measured> MeasureAsync(Func<Task> once, int runs, ChildProgram server, CancellationToken cancellation)
    {
        for (int i = 0; i < WarmUp; i++)
        {
            await once();
        }

        await server.AskAsync(cancellation);
        List<double> seconds = [];
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await once();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return Measured.Of(seconds, await server.AskAsync(cancellation), allocated);
    }

    private static async Task<Measured?> PeerAsync(
        Side? peer, string mode, int runs, TrustServing serving, ChildProgram server, CancellationToken cancellation)
    {
        if (peer is null)
        {
            return null;
        }

        using ChildProgram client = new(
            peer.Program, [.. peer.Arguments, mode, $"{runs}", serving.Address, serving.TlsRoot, serving.TrustedRoot, .. serving.Paths]);
        await client.ReadLineAsync(cancellation);
        await server.AskAsync(cancellation);
        double[] seconds = JsonSerializer.Deserialize(await client.AskAsync(cancellation), BenchJson.Default.DoubleArray)!;
        return Measured.Of(seconds, await server.AskAsync(cancellation), allocated: 0);
    }

    /// <summary>The median time; all else per run.</summary>
    private sealed record Measured(double Milliseconds, double Requests, double Bytes, double Allocated)
    {
        public static Measured Of(IReadOnlyCollection<double> seconds, string counted, long allocated)
        {
            double[] sorted = [.. seconds.Order()];
            double[] counts = [.. counted.Split(' ').Select(c => double.Parse(c, CultureInfo.InvariantCulture) / sorted.Length)];
            return new(sorted[sorted.Length / 2] * 1000, counts[0], counts[1], (double)allocated / sorted.Length);
        }
    }
}
