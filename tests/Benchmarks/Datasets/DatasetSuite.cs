namespace Benchmarks.Datasets;

/// <summary>Samples of datasets in SQLite files and in PostgreSQL, whose processes share the cores of the relay.</summary>
internal static class DatasetSuite
{
    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken) =>
    [
        .. await SampleLoad.RunAsync("sqlite", isPostgres: false, cancellationToken),
        .. await SampleLoad.RunAsync("postgres", isPostgres: true, cancellationToken),
    ];
}
