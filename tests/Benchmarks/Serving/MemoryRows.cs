using System.Globalization;
using Shared.Contracts.Api;

namespace Benchmarks.Serving;

/// <summary>What a relay holds while it only serves, and what training leaves behind.</summary>
internal static class MemoryRows
{
    private const int Runs = 3;
    private const int Rows = 200_000;
    private const int Trees = 40;
    private const int Depth = 16;
    private const int Requests = 20_000;
    private const int Seconds = 12;
    private const double Mebibyte = 1 << 20;

    /// <summary>Longer than a relay waits for another run before it gives memory back.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        await using ServedRelay relay = await ServedRelay.StartAsync();
        string few = relay.WriteRows(4_000);
        string many = relay.WriteRows(Rows);
        await relay.PublishAsync(await relay.TrainAsync(few, 48, 12, cancellationToken), cancellationToken);
        ServedFile file = await new ServedFile(new Uri(relay.Process.Address, $"{Routes.Metadata}/timestamp.json"), () => relay.Process.ProcessorTime)
            .WithTagAsync(relay.Authority, cancellationToken);
        await file.MeasureAsync(Requests, isHttp2: true);
        double idle = await SettleAsync(relay, cancellationToken);
        double largest = 0;
        for (int run = 0; run < Runs; run++)
        {
            await relay.TrainAsync(many, Trees, Depth, cancellationToken);
            largest = Math.Max(largest, relay.Process.ResidentBytes / Mebibyte);
        }

        // The memory is given back in the middle of it.
        IReadOnlyList<double> busy = await TimeAsync(file);
        double after = await SettleAsync(relay, cancellationToken);
        IReadOnlyList<double> quiet = await TimeAsync(file);
        return
        [
            BenchRow.LowerIsBetter(
                "serving.idle.memory.mib", idle, null, "MiB",
                $"resident memory of a relay that has trained one small model, published it, served {Requests} requests, and is quiet"),
            BenchRow.LowerIsBetter(
                "serving.after-training.memory.mib", after, null, "MiB",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the same relay after {Runs} runs on {Rows:N0} rows, {Quiet.TotalSeconds:0} s later: {after / idle:0.##} times what it held "
                    + $"before; {largest:0} MiB at the end of a run")),
            BenchRow.LowerIsBetter(
                "serving.release.p99.ms", Percentile99(busy), null, "ms",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"until a 304 is there, 400 of them a second in the {Seconds} s in which that memory is given back; the longest took "
                    + $"{busy[^1]:0.#} ms. While the relay is quiet: {Percentile99(quiet):0.##} ms, and {quiet[^1]:0.#} ms")),
        ];
    }

    private static Task<IReadOnlyList<double>> TimeAsync(ServedFile file) =>
        LoadRun.TimeAsync(file.Address, Seconds, $"if-none-match: {file.Tag}");

    private static double Percentile99(IReadOnlyList<double> times) => times[times.Count * 99 / 100];

    private static async Task<double> SettleAsync(ServedRelay relay, CancellationToken cancellationToken)
    {
        await Task.Delay(Quiet, cancellationToken);
        return relay.Process.ResidentBytes / Mebibyte;
    }
}
