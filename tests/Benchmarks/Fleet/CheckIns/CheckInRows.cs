using Relay.TestKit.Databases;
using Shared.Contracts;

namespace Benchmarks.Fleet.CheckIns;

/// <summary>How many signed check-ins a second a relay stores.</summary>
internal static class CheckInRows
{
    private const int Rounds = 3;

    /// <summary>Rounds until each node has the history that a relay keeps, so that each report takes the place of an older one.</summary>
    private const int WarmUpRounds = 21;

    private const int ReportsPerRound = 10 * CheckInLoad.Nodes;

    /// <summary>Nodes that PostgreSQL knows beside those that report: the size of a fleet.</summary>
    private const int KnownNodes = 100_000;

    public static Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken) =>
        RunAsync("fleet.check-ins", "SQLite", new CheckInLoad(), cancellationToken);

    /// <summary>The same with a server of PostgreSQL, whose processes share the cores of the relay.</summary>
    public static Task<IReadOnlyList<BenchRow>> RunOnPostgresAsync(CancellationToken cancellationToken) =>
        RunOnPostgresAsync("fleet.check-ins-postgres", cancellationToken);

    /// <param name="name">What the ids of the rows begin with.</param>
    public static async Task<IReadOnlyList<BenchRow>> RunOnPostgresAsync(string name, CancellationToken cancellationToken)
    {
        if (!PostgresServer.IsThere)
        {
            throw new InvalidOperationException(PostgresServer.NotInstalled);
        }

        PostgresServer server = new();
        try
        {
            string database = server.CreateDatabase();
            server.Execute(
                database,
                $"""
                ALTER TABLE nodes DISABLE TRIGGER USER;
                INSERT INTO nodes (id, check_in, seen_at, first_seen_at, bytes, standing, signed, fleet)
                    SELECT 'known-' || i, repeat('x', 700), 1800000000000, 1800000000000, 1000, 3, TRUE,
                        '{'{'}"channel":"stable","release":1,"stale":false,"quarantined":false,"models":[]{'}'}'
                    FROM generate_series(1, {KnownNodes}) AS i;
                ALTER TABLE nodes ENABLE TRIGGER USER;
                INSERT INTO nodes_seen VALUES (1800000000000 / 300000, {KnownNodes});
                INSERT INTO fleet_counts VALUES ('stable', 1, 3, {KnownNodes}, 0, 0);
                INSERT INTO check_ins (node, check_in, seen_at, bytes)
                    SELECT id, check_in, seen_at, 1000 FROM nodes, generate_series(1, 3);
                ANALYZE;
                """);
            return await RunAsync(
                name, $"PostgreSQL on the same cores, which knows {KnownNodes} further nodes",
                new CheckInLoad(server.BySocket(database)), cancellationToken);
        }
        finally
        {
            server.Delete();
        }
    }

    private static async Task<IReadOnlyList<BenchRow>> RunAsync(string name, string engine, CheckInLoad started, CancellationToken cancellationToken)
    {
        await using CheckInLoad load = started;
        await load.StartAsync(cancellationToken);
        await load.ReportAsync(WarmUpRounds * CheckInLoad.Nodes, cancellationToken);
        List<CheckInRate> rounds = [];
        for (int round = 0; round < Rounds; round++)
        {
            rounds.Add(await load.ReportAsync(ReportsPerRound, cancellationToken));
        }

        CheckInRate rate = rounds.OrderBy(round => round.PerSecond).ElementAt(Rounds / 2);
        string what =
            $"signed check-ins, each with a usage window, that are durable in {engine}: median of {Rounds} rounds of {ReportsPerRound} "
            + $"by {CheckInLoad.Nodes} enrolled nodes with full histories, over {CheckInLoad.Connections} kept HTTP/2 " +
                $"connections as behind a proxy, at most "
            + $"{CheckInLoad.Connections * CheckInLoad.WaitingPerConnection} at a time; "
            + $"{Environment.ProcessorCount} cores for the relay and the nodes, which sign as they send";
        return
        [
            BenchRow.HigherIsBetter($"{name}.per-second", rate.PerSecond, null, "1/s", what),
            BenchRow.LowerIsBetter(
                $"{name}.cpu.us", rate.RelayMicroseconds, null, "us",
                $"processor time of the relay for one of them; the nodes took {rate.NodeMicroseconds:0} us"),
        ];
    }
}
