using System.Globalization;
using System.Text.Json;
using Benchmarks.Trust;
using Shared.Contracts.Api;

namespace Benchmarks.Fleet.Streams;

/// <summary>What an open event stream costs, on a connection of its own and as one of many on a connection.</summary>
internal static class StreamRows
{
    private const int Connections = 2000;

    /// <summary>As many as a relay takes by default.</summary>
    private const int AllStreams = 10_000;

    private const int Streams = AllStreams - WarmUpConnections;

    /// <summary>Fewer than the streams that an HTTP/2 connection of the relay has at most.</summary>
    private const int PerConnection = 50;

    private const int WarmUpConnections = 50;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken) =>
        [await MeasureConnectionsAsync(cancellationToken), await MeasureStreamsAsync(cancellationToken)];

    private static Task<BenchRow> MeasureStreamsAsync(CancellationToken cancellationToken) => MeasureAsync(
        async (relay, memory) =>
        {
            using OpenStreams streams = new(relay);
            await streams.ConnectAsync(Streams / PerConnection, cancellationToken);
            long before = await memory();
            await streams.OpenAsync(PerConnection, cancellationToken);
            await HeartbeatAsync(cancellationToken);
            return BenchRow.LowerIsBetter(
                "fleet.event-streams.memory.kib", (await memory() - before) / 1024.0 / Streams, null, "KiB",
                $"resident memory of the relay per open stream, {AllStreams} of them, {PerConnection} on each "
                + "HTTP/2 connection as behind a proxy, above that of the connections");
        },
        cancellationToken);

    private static Task<BenchRow> MeasureConnectionsAsync(CancellationToken cancellationToken) => MeasureAsync(
        async (relay, memory) =>
        {
            long before = await memory();
            using OpenStreams streams = new(relay);
            await streams.ConnectAsync(Connections, cancellationToken);
            await streams.OpenAsync(perConnection: 1, cancellationToken);
            await HeartbeatAsync(cancellationToken);
            return BenchRow.LowerIsBetter(
                "fleet.event-connections.memory.kib", (await memory() - before) / 1024.0 / Connections, null, "KiB",
                $"the same for {Connections} streams, each on a connection of its own: with the TLS connection and its "
                + "HTTP/2 session, over which the node polls as well");
        },
        cancellationToken);

    private static async Task<BenchRow> MeasureAsync(
        Func<FleetServing, Func<Task<long>>, Task<BenchRow>> measure, CancellationToken cancellationToken)
    {
        using ChildProgram process = new(Environment.ProcessPath!, [typeof(StreamRows).Assembly.Location, FleetRelay.Command]);
        FleetServing relay = JsonSerializer.Deserialize(await process.ReadLineAsync(cancellationToken), BenchJson.Default.FleetServing)!;
        using OpenStreams warmUp = new(relay);
        await warmUp.ConnectAsync(WarmUpConnections, cancellationToken);
        await warmUp.OpenAsync(perConnection: 1, cancellationToken);
        return await measure(relay, async () => long.Parse(await process.AskAsync(cancellationToken), CultureInfo.InvariantCulture));
    }

    /// <summary>One heartbeat on each stream: what a first write needs is then there.</summary>
    private static Task HeartbeatAsync(CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromSeconds(RelayEvents.HeartbeatSeconds + 1), cancellationToken);
}
