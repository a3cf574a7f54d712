using System.Diagnostics;
using System.Globalization;
using Dapper;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Benchmarks.WebConsole;

/// <summary>What the first page of the console costs a browser, and what open consoles cost a relay.</summary>
internal static class ConsoleSuite
{
    private const int Watchers = 50;

    /// <summary>Channels that the relay has; the other nodes are on channels that it does not know.</summary>
    private const int PublishedChannels = 8;
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion version = await relay.TrainSmallAsync(cancellationToken: cancellationToken);
        for (int channel = 0; channel < PublishedChannels; channel++)
        {
            await relay.PublishAsync($"channel-{channel}", version);
        }

        LargeFleet.Fill(relay);
        using HttpClient browser = await FirstPage.SignInAsync(relay, cancellationToken);
        FirstPage home = await FirstPage.ReadAsync(browser, cancellationToken);
        BenchRow loaded = await HomeInBrowserRow.MeasureAsync(relay);
        BenchRow fleet = await FleetPageRow.MeasureAsync(browser, cancellationToken);

        // Code that runs for the first time costs more.
        await MeasureProcessorAsync(relay, cancellationToken);
        double quiet = await MeasureProcessorAsync(relay, cancellationToken);
        double watched = await MeasureWatchersAsync(relay, browser, cancellationToken);
        return
        [
            BenchRow.LowerIsBetter("console.home.bytes", home.PageBytes + home.FileBytes, null, "bytes", home.Describe()),
            loaded,
            fleet,
            BenchRow.LowerIsBetter(
                "console.watchers.cpu.percent", watched - quiet, null, "%",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"of one core, for {Watchers} first pages that are open for {Watch.TotalSeconds:0} s while a node reports every ")
                + $"{Step.TotalMilliseconds:0} ms, with what the {Watchers} readers cost; without them the relay used {quiet:0.0} %"),
        ];
    }

    /// <summary>The share of one core that this process, with the relay in it, uses while nodes report.</summary>
    private static async Task<double> MeasureProcessorAsync(TestRelay relay, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        for (int node = 0; Stopwatch.GetElapsedTime(start) < Watch; node++)
        {
            using (System.Data.Common.DbConnection connection = relay.OpenDatabase())
            {
                connection.Execute(
                    "UPDATE nodes SET fleet = json_set(fleet, '$.release', 1 + (json_extract(fleet, '$.release') % 30)) WHERE id = @id",
                    new { id = $"node-{node}" });
            }

            await Task.Delay(Step, cancellationToken);
        }

        return (Process.GetCurrentProcess().TotalProcessorTime - before) / Stopwatch.GetElapsedTime(start) * 100;
    }

    private static async Task<double> MeasureWatchersAsync(TestRelay relay, HttpClient browser, CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] watchers = [.. Enumerable.Range(0, Watchers).Select(_ => FollowAsync(browser, end.Token))];
        await Task.Delay(Watch / 10, cancellationToken);
        double used = await MeasureProcessorAsync(relay, cancellationToken);
        if (watchers.FirstOrDefault(watcher => watcher.IsCompleted) is { } ended)
        {
            await ended;
            throw new InvalidOperationException("A stream ended.");
        }

        await end.CancelAsync();
        await Task.WhenAll(watchers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return used;
    }

    private static async Task FollowAsync(HttpClient browser, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await browser.GetAsync(
            $"/console/live?page={FirstPage.Path}&version=", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await body.CopyToAsync(Stream.Null, cancellationToken);
    }
}
