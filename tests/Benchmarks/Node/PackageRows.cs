using System.Diagnostics;
using Relay.TestKit;

namespace Benchmarks.Node;

/// <summary>What an app downloads for a node, how soon it answers after its start, and what it costs while nothing happens.</summary>
internal static class PackageRows
{
    private const int Starts = 10;

    /// <summary>What the runtime compiles after a start is no cost of a node that runs for weeks.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        using PackagedApp app = await PackagedApp.PackAsync();
        List<BenchRow> rows =
        [
            BenchRow.LowerIsBetter(
                "node.package.bytes", app.Packages.Sum(file => file.Length), null, "bytes",
                $"{app.Packages.Count} packages that Relay.Sync.Client brings of ours, for two frameworks"),
        ];
        await app.PublishAsync();
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 10, cancellationToken));
        app.Install(relay);

        // It fills the store as well.
        rows.Add(await MeasureIdleAsync(app, relay, cancellationToken));
        await relay.AbortAsync();
        rows.Add(await MeasureStartsAsync(app, relay, cancellationToken));
        return rows;
    }

    private static async Task<BenchRow> MeasureIdleAsync(PackagedApp app, TestRelay relay, CancellationToken cancellationToken)
    {
        using Process process = app.Start(relay);
        await ReadAnswerAsync(process, cancellationToken);
        await Task.Delay(Settling, cancellationToken);
        process.Refresh();
        (TimeSpan before, long start) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(Idle, cancellationToken);
        process.Refresh();
        double percent = 100 * (process.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(start);
        await EndAsync(process, cancellationToken);
        return BenchRow.LowerIsBetter(
            "node.idle.cpu.percent", percent, null, "%",
            $"of one processor, over {Idle.TotalSeconds:0} s: a web app with one model, event stream and polls by the default options");
    }

    private static async Task<BenchRow> MeasureStartsAsync(PackagedApp app, TestRelay relay, CancellationToken cancellationToken)
    {
        List<double> times = [];
        for (int i = 0; i < Starts; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using Process process = app.Start(relay);
            await ReadAnswerAsync(process, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await EndAsync(process, cancellationToken);
        }

        return BenchRow.LowerIsBetter(
            "node.first-prediction.ms", times.Order().ElementAt(Starts / 2), null, "ms",
            $"median of {Starts} starts of a published web app: process start to the first answer from the store, with the relay gone; " +
                $"fastest {times.Min():0}");
    }

    private static async Task ReadAnswerAsync(Process process, CancellationToken cancellationToken)
    {
        if (await process.StandardOutput.ReadLineAsync(cancellationToken) is null)
        {
            throw new InvalidOperationException("the app ended without an answer");
        }
    }

    private static async Task EndAsync(Process process, CancellationToken cancellationToken)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
    }
}
