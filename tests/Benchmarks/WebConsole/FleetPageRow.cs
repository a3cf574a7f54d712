using System.Diagnostics;
using System.Globalization;
using Relay.TestKit;

namespace Benchmarks.WebConsole;

/// <summary>The page of the fleet with each of its filters.</summary>
internal static class FleetPageRow
{
    private const int Visits = 7;

    /// <summary>Most are met by few nodes or none, so that the list is read to its end.</summary>
    private static readonly string[] Filters =
    [
        "", "prefix=node-99", "channel=channel-7", "channel=elsewhere", "release=3", "release=999", "model=model-4", "model=model-4&version=999",
        "model=model-4&stale=true&release=2", "stale=true", "stale=true&channel=channel-1", "quarantined=true", "refusing=true&channel=channel-1",
        "silent=true", "banned=true", "banned=false", "stale=false&model=elsewhere", "cursor=node-99998",
    ];

    public static async Task<BenchRow> MeasureAsync(HttpClient browser, CancellationToken cancellationToken)
    {
        // Code that runs for the first time costs more.
        foreach (string filter in Filters)
        {
            await browser.GetByteArrayAsync($"/console/fleet?{filter}", cancellationToken);
        }

        List<(string Filter, double Milliseconds)> pages = [];
        foreach (string filter in Filters)
        {
            double[] times = new double[Visits];
            for (int i = 0; i < Visits; i++)
            {
                long asked = Stopwatch.GetTimestamp();
                await browser.GetByteArrayAsync($"/console/fleet?{filter}", cancellationToken);
                times[i] = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
            }

            pages.Add((filter.Length == 0 ? "no filter" : filter, times.Order().ElementAt(Visits / 2)));
        }

        (string slowest, double milliseconds) = pages.MaxBy(page => page.Milliseconds);
        return BenchRow.LowerIsBetter(
            "console.fleet.ms", milliseconds, null, "ms",
            string.Create(
                CultureInfo.InvariantCulture,
                $"the page of the fleet with the slowest of {Filters.Length} filters, '{slowest}', over HTTPS, at {LargeFleet.Nodes:N0} nodes: ")
            + $"until all is read, median of {Visits}; " + string.Join(
                ", ", pages.Select(page => string.Create(CultureInfo.InvariantCulture, $"{page.Filter} {page.Milliseconds:0}"))));
    }
}
