using Shared.Contracts;

namespace Benchmarks.Fleet.CheckIns;

/// <summary>How many signed check-ins a second a relay stores.</summary>
internal static class CheckInRows
{
    private const int Rounds = 3;

    /// <summary>Rounds until each node has the history that a relay keeps, so that each report takes the place of an older one.</summary>
    private const int WarmUpRounds = 21;

    private const int ReportsPerRound = 10 * CheckInLoad.Nodes;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        await using CheckInLoad load = new();
        await load.StartAsync(cancellationToken);
        await load.ReportAsync(WarmUpRounds * CheckInLoad.Nodes, cancellationToken);
        List<CheckInRate> rounds = [];
        for (int round = 0; round < Rounds; round++)
        {
            rounds.Add(await load.ReportAsync(ReportsPerRound, cancellationToken));
        }

        CheckInRate rate = rounds.OrderBy(round => round.PerSecond).ElementAt(Rounds / 2);
        string what =
            $"signed check-ins, each with a usage window, that are durable in SQLite: median of {Rounds} rounds of {ReportsPerRound} "
            + $"by {CheckInLoad.Nodes} enrolled nodes with full histories, over {CheckInLoad.Connections} kept HTTP/2 " +
                $"connections as behind a proxy, at most "
            + $"{CheckInLoad.Connections * CheckInLoad.WaitingPerConnection} at a time; "
            + $"{Environment.ProcessorCount} cores for the relay and the nodes, which sign as they send";
        return
        [
            BenchRow.HigherIsBetter("fleet.check-ins.per-second", rate.PerSecond, null, "1/s", what),
            BenchRow.LowerIsBetter(
                "fleet.check-ins.cpu.us", rate.RelayMicroseconds, null, "us",
                $"processor time of the relay for one of them; the nodes took {rate.NodeMicroseconds:0} us"),
        ];
    }
}
