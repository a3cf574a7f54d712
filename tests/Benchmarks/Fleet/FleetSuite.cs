using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Benchmarks.Fleet.CheckIns;
using Benchmarks.Fleet.Streams;
using Benchmarks.Trust;
using Relay.Server.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Benchmarks.Fleet;

/// <summary>A fleet of nodes on one relay, all on this machine: how fast a publication reaches them, how many reports the
/// relay takes, what an open event stream costs, and how well rollouts are judged.</summary>
internal static class FleetSuite
{
    /// <summary>One to start from, and one for each round.</summary>
    public const int Versions = 1 + Rounds;

    private const int Rounds = 5;
    private const int Nodes = 100;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>The parts of the suite, in the order in which they run; each may run alone.</summary>
    public static IReadOnlyList<(string Name, Func<CancellationToken, Task<IReadOnlyList<BenchRow>>> RunAsync)> Parts { get; } =
    [
        ("light", LightFleetSuite.RunAsync),
        ("push", RunPushAsync),
        ("check-ins", CheckInRows.RunAsync),
        ("check-ins-postgres", CheckInRows.RunOnPostgresAsync),
        ("streams", StreamRows.RunAsync),
        ("home", HomeRows.RunAsync),
        ("calibration", CalibrationRows.RunAsync),
    ];

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        List<BenchRow> rows = [];
        foreach ((_, Func<CancellationToken, Task<IReadOnlyList<BenchRow>>> runAsync) in Parts)
        {
            rows.AddRange(await runAsync(cancellationToken));
        }

        return rows;
    }

    private static async Task<IReadOnlyList<BenchRow>> RunPushAsync(CancellationToken cancellationToken)
    {
        using ChildProgram process = new(Environment.ProcessPath!, [typeof(FleetSuite).Assembly.Location, FleetRelay.Command]);
        FleetServing relay = JsonSerializer.Deserialize(await process.ReadLineAsync(cancellationToken), BenchJson.Default.FleetServing)!;
        return await MeasureTimesAsync(relay, cancellationToken);
    }

    private static async Task<IReadOnlyList<BenchRow>> MeasureTimesAsync(FleetServing relay, CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = new();
        FleetNode[] nodes = [.. Enumerable.Range(0, Nodes).Select(number => new FleetNode(relay, folder.Combine("nodes"), number))];
        List<double> times = [];
        try
        {
            await Parallel.ForEachAsync(nodes, cancellationToken, async (node, token) => await node.StartAsync(token));
            await Eventually.TrueAsync(
                () => nodes.All(node => node.IsReady), $"all nodes have a stream: {nodes.FirstOrDefault(node => !node.IsReady)?.State}",
                Deadline, cancellationToken);
            foreach (int version in relay.Versions.Skip(1))
            {
                long published = Stopwatch.GetTimestamp();
                int release = await PublishAsync(relay, version, cancellationToken);
                await Eventually.TrueAsync(
                    () => nodes.All(node => node.Release == release), $"all nodes run release {release}", Deadline, cancellationToken);
                times.AddRange(nodes.Select(node => Stopwatch.GetElapsedTime(published, node.ActivatedAt).TotalMilliseconds));
            }
        }
        finally
        {
            await Parallel.ForEachAsync(nodes, CancellationToken.None, (node, _) => node.DisposeAsync());
        }

        times.Sort();
        string what = $"from the request to publish until a node runs the version, {Nodes} whole nodes that poll once an hour, {Rounds} versions";
        return
        [
            BenchRow.LowerIsBetter("fleet.publish-to-active.whole-nodes.p50.ms", times[times.Count / 2], null, "ms", what),
            BenchRow.LowerIsBetter("fleet.publish-to-active.whole-nodes.p99.ms", times[times.Count * 99 / 100], null, "ms", what),
        ];
    }

    private static async Task<int> PublishAsync(FleetServing relay, int version, CancellationToken cancellationToken)
    {
        using SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy = RelayApi.Pin(relay.TlsRoot);
        using HttpClient admin = new(handler) { BaseAddress = new Uri(relay.Address) };
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", relay.AdminKey);
        using HttpResponseMessage response = await admin.PostAsJsonAsync(
            Routes.ReleaseOf("stable"), new ReleaseRequest { Models = [new ModelVersion(SmallModel.Name, version)] },
            RelayApiJson.Default.ReleaseRequest, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.ChannelView, cancellationToken))!.Release;
    }
}
