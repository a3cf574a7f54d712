using System.Diagnostics;
using System.Globalization;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Benchmarks.Fleet;

/// <summary>The view of a whole fleet, of many nodes that are written straight into the database.</summary>
internal static class HomeRows
{
    private const int Requests = 21;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion version = await relay.TrainSmallAsync(cancellationToken: cancellationToken);
        for (int channel = 0; channel < LargeFleet.Channels; channel++)
        {
            await relay.PublishAsync($"channel-{channel}", version);
        }

        LargeFleet.Fill(relay);
        int bytes = 0;
        List<double> times = [];
        for (int i = 0; i < Requests; i++)
        {
            long asked = Stopwatch.GetTimestamp();
            bytes = (await relay.Admin.GetByteArrayAsync(Routes.Fleet, cancellationToken)).Length;
            times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }

        times.Sort();
        return
        [
            BenchRow.LowerIsBetter(
                "fleet.home.bytes", bytes, null, "bytes",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the answer of GET {Routes.Fleet} for {LargeFleet.Nodes:N0} nodes in {LargeFleet.Channels} channels, ")
                + $"with {LargeFleet.Releases} releases of {LargeFleet.Models} models and {LargeFleet.Hours} hours of usage; "
                + $"at most {FleetView.MaximumBytes}: the largest items of each list, and the number of the others"),
            BenchRow.LowerIsBetter("fleet.home.ms", times[Requests / 2], null, "ms", $"the same: until it is read over HTTPS, median of {Requests}"),
        ];
    }
}
