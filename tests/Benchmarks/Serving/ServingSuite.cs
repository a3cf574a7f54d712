using Benchmarks.Fleet.CheckIns;

namespace Benchmarks.Serving;

/// <summary>A relay as a file server, beside nginx: how fast it answers nodes, what memory it holds, how fast it is restored
/// and another takes over, and how many reports it takes with PostgreSQL.</summary>
internal static class ServingSuite
{
    /// <summary>The parts of the suite, in the order in which they run; each may run alone.</summary>
    public static IReadOnlyList<(string Name, Func<CancellationToken, Task<IReadOnlyList<BenchRow>>> RunAsync)> Parts { get; } =
    [
        ("files", FileRows.RunAsync),
        ("memory", MemoryRows.RunAsync),
        ("restore", RestoreRows.RunAsync),
        ("takeover", TakeoverRows.RunAsync),
        ("check-ins", cancellationToken => CheckInRows.RunOnPostgresAsync("serving.check-ins", cancellationToken)),
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
}
