using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Benchmarks.Trust;
using Relay.Server.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Benchmarks.Fleet;

/// <summary>A fleet of nodes on one relay, all on this machine: how fast a publication reaches them, and what an open event stream costs.</summary>
internal static class FleetSuite
{
    /// <summary>One to start from, and one for each round.</summary>
    public const int Versions = 1 + Rounds;

    private const int Rounds = 5;
    private const int Nodes = 100;
    private const int Streams = 2000;
    private const int WarmUpStreams = 50;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        using ChildProgram process = new(Environment.ProcessPath!, [typeof(FleetSuite).Assembly.Location, FleetRelay.Command]);
        FleetServing relay = JsonSerializer.Deserialize(await process.ReadLineAsync(cancellationToken), BenchJson.Default.FleetServing)!;
        IReadOnlyList<BenchRow> memory = await MeasureMemoryAsync(relay, process, cancellationToken);
        return [.. await LightFleetSuite.RunAsync(cancellationToken), .. await MeasureTimesAsync(relay, cancellationToken), .. memory];
    }

    private static async Task<IReadOnlyList<BenchRow>> MeasureMemoryAsync(FleetServing relay, ChildProgram process, CancellationToken cancellationToken)
    {
        using OpenStreams warmUp = new(relay);
        await warmUp.ConnectAsync(WarmUpStreams, cancellationToken);
        await warmUp.OpenAsync(cancellationToken);
        long before = await MemoryAsync(process, cancellationToken);
        using OpenStreams streams = new(relay);
        await streams.ConnectAsync(Streams, cancellationToken);
        long connected = await MemoryAsync(process, cancellationToken);
        await streams.OpenAsync(cancellationToken);

        // One heartbeat on each: what a first write needs is then there.
        await Task.Delay(TimeSpan.FromSeconds(RelayEvents.HeartbeatSeconds + 1), cancellationToken);
        long after = await MemoryAsync(process, cancellationToken);
        return
        [
            BenchRow.LowerIsBetter(
                "fleet.event-streams.memory.kib", (after - connected) / 1024.0 / Streams, null, "KiB",
                $"resident memory of the relay per open stream, {Streams} of them, above the connection over which the node polls as well"),
            BenchRow.LowerIsBetter(
                "fleet.event-connections.memory.kib", (after - before) / 1024.0 / Streams, null, "KiB",
                "the same, with the TLS connection and its HTTP/2 session"),
        ];
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
                () => nodes.All(node => node.IsReady), $"all nodes have a stream: {nodes.FirstOrDefault(node => !node.IsReady)?.State}", Deadline, cancellationToken);
            foreach (int version in relay.Versions.Skip(1))
            {
                long published = Stopwatch.GetTimestamp();
                int release = await PublishAsync(relay, version, cancellationToken);
                await Eventually.TrueAsync(() => nodes.All(node => node.Release == release), $"all nodes run release {release}", Deadline, cancellationToken);
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
            Routes.ReleaseOf("stable"), new ReleaseRequest { Models = [new ModelVersion(SmallModel.Name, version)] }, RelayApiJson.Default.ReleaseRequest, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.ChannelView, cancellationToken))!.Release;
    }

    private static async Task<long> MemoryAsync(ChildProgram process, CancellationToken cancellationToken) =>
        long.Parse(await process.AskAsync(cancellationToken), CultureInfo.InvariantCulture);
}
