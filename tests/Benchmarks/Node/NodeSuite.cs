namespace Benchmarks.Node;

/// <summary>What a node costs the app that it is part of.</summary>
internal static class NodeSuite
{
    public static IReadOnlyDictionary<string, Func<CancellationToken, Task<IReadOnlyList<BenchRow>>>> Parts { get; } =
        new Dictionary<string, Func<CancellationToken, Task<IReadOnlyList<BenchRow>>>>(StringComparer.Ordinal)
        {
            ["extractor"] = cancellationToken =>
                Task.Run<IReadOnlyList<BenchRow>>(() => [.. ExtractorRows.Measure(cancellationToken)], cancellationToken),
            ["sidecar"] = SidecarRows.RunAsync,
            ["c"] = CLibraryRows.RunAsync,
            ["package"] = PackageRows.RunAsync,
            ["reports"] = ReportRows.RunAsync,
        };

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        List<BenchRow> rows = [];
        foreach (Func<CancellationToken, Task<IReadOnlyList<BenchRow>>> part in Parts.Values)
        {
            rows.AddRange(await part(cancellationToken));
        }

        return rows;
    }
}
