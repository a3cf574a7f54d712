using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Benchmarks.Trust;
using Relay.Server.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;
using SimulatedFleet;

namespace Benchmarks.Fleet;

/// <summary>1,000 light nodes on one relay, all on this machine: how fast a publication reaches them, and how fast a bad release is taken
/// back.</summary>
internal static class LightFleetSuite
{
    public const string Channel = "stable";
    public const int Nodes = 1000;

    /// <summary>One to start from, one for each publication, and the bad one.</summary>
    public const int Versions = WarmUps + Publications + 2;

    /// <summary>Publications that are not measured: a relay and a node run for weeks, and their code is compiled in the first seconds.</summary>
    private const int WarmUps = 10;

    private const int Publications = 5;
    private const int Halts = 5;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static ModelVersion Version(int number) => new(SmallModel.Name, number);

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        using ChildProgram process = new(Environment.ProcessPath!, [typeof(LightFleetSuite).Assembly.Location, LightFleetRelay.Command]);
        LightFleetServing relay = JsonSerializer.Deserialize(await process.ReadLineAsync(cancellationToken), BenchJson.Default.LightFleetServing)!;
        using RelayApi admin = RelayApi.Connect(new Uri(relay.Address), relay.TlsRoot, relay.AdminKey);
        FleetOptions options = new()
        {
            Relay = new Uri(relay.Address),
            TlsRoot = relay.TlsRoot,
            TrustedRoot = relay.TrustedRoot,
            EnrollmentToken = relay.EnrollmentToken,
            Channel = Channel,
            Nodes = Nodes,
            ReportInterval = null,
            Behavior = HaltTrial.Answer,
        };
        await using SimulatedFleet.Fleet fleet = await SimulatedFleet.Fleet.StartAsync(options, TimeProvider.System, cancellationToken);
        return
        [
            .. await MeasurePublicationsAsync(fleet, admin, options, cancellationToken),
            await MeasureHaltsAsync(fleet, admin, cancellationToken),
        ];
    }

    private static async Task<IReadOnlyList<BenchRow>> MeasurePublicationsAsync(
        SimulatedFleet.Fleet fleet, RelayApi admin, FleetOptions options, CancellationToken cancellationToken)
    {
        List<double> times = [];
        List<double> published = [];
        long requests = 0;
        for (int version = 2; version < Versions; version++)
        {
            fleet.ClearJournal();
            long start = Stopwatch.GetTimestamp();
            ChannelView channel = await admin.PostAsync(
                Routes.ReleaseOf(Channel), new ReleaseRequest { Models = [Version(version)] }, RelayApiJson.Default.ReleaseRequest,
                RelayApiJson.Default.ChannelView, cancellationToken);
            double answered = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            await fleet.WaitAsync($"version {version} on all nodes", Deadline, () => fleet.CountOn(channel.Release) == Nodes, cancellationToken);
            if (version < 2 + WarmUps)
            {
                requests = fleet.Requests;
                continue;
            }

            published.Add(answered);
            times.AddRange(fleet.Journal.Where(e => e.Kind == FleetEventKind.Activated)
                .Select(e => Stopwatch.GetElapsedTime(start, e.Timestamp).TotalMilliseconds));
        }

        times.Sort();
        published.Sort();
        double requestsPerNode = (fleet.Requests - requests) / (double)(Nodes * Publications);
        string what = string.Create(
            CultureInfo.InvariantCulture,
            $"from the request to publish until a node has verified the release and runs it; {Nodes} light nodes, {Publications} versions after "
            + $"{WarmUps} that are not measured. Each node has a key, signs its {requestsPerNode:0.#} requests for each and hashes the artifact; "
            + $"{options.NodesPerConnection} share a connection, the process reads and verifies the same bytes once, and nodes have no disk, no "
            + $"scorer and no try-out. The relay answered the request after {published[published.Count / 2]:0} ms (p50)");
        return
        [
            BenchRow.LowerIsBetter("fleet.publish-to-active.p50.ms", times[times.Count / 2], null, "ms", what),
            BenchRow.LowerIsBetter("fleet.publish-to-active.p99.ms", times[times.Count * 99 / 100], null, "ms", what),
        ];
    }

    private static async Task<BenchRow> MeasureHaltsAsync(SimulatedFleet.Fleet fleet, RelayApi admin, CancellationToken cancellationToken)
    {
        HaltTrial trial = new(fleet, admin);
        List<HaltTime> halts = [];
        for (int i = 0; i < Halts; i++)
        {
            halts.Add(await trial.RunAsync(cancellationToken));
        }

        return BenchRow.LowerIsBetter(
            "fleet.halt.ms", halts.Max(halt => halt.LastNodeMs), null, "ms",
            string.Create(
                CultureInfo.InvariantCulture,
                $"from the send of the report after which the verdict is fail until the last node is back; the longest of {Halts} halts, "
                + $"{Nodes} light nodes, about {halts[0].Nodes} of them on the bad release, reports one by one "
                + $"({halts.Average(halt => halt.Reports):0} to the verdict); {halts.Sum(halt => halt.Downloads)} downloads"));
    }
}
