using System.Data.Common;
using Dapper;
using Relay.Server.Datasets.Samples;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Datasets;

/// <summary>What the API tells of a dataset.</summary>
internal static class DatasetViews
{
    public static DatasetView Create(Dataset dataset)
    {
        try
        {
            return Create(dataset, dataset.Samples);
        }
        catch (Exception e) when (e is SampleFileException or DbException)
        {
            // One that is damaged must not hide the others.
            return Create(dataset, new SampleState(), [], 0) with { Problem = e.Message };
        }
    }

    private static DatasetView Create(Dataset dataset, SampleDatabase samples)
    {
        using DbConnection connection = samples.OpenForReads();
        IEnumerable<DatasetSource> sources = connection.Query<DatasetSource>(
            "SELECT name, rows, labels FROM sources ORDER BY rows DESC, labels DESC, name LIMIT @MaxSources", new { DatasetView.MaxSources });
        return Create(dataset, SampleState.Read(connection, null), [.. sources], samples.Bytes);
    }

    private static DatasetView Create(Dataset dataset, SampleState state, IReadOnlyList<DatasetSource> sources, long bytes) => new()
    {
        Name = dataset.Name,
        Spec = dataset.Spec,
        Rows = state.Rows,
        Labels = state.Labels,
        Conflicts = state.Conflicts,
        Forgotten = state.Forgotten,
        Position = state.Position,
        Bytes = bytes,
        Sources = sources,
        CreatedAt = dataset.CreatedAt,
    };
}
