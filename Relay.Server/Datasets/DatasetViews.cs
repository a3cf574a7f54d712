using System.Data.Common;
using Dapper;
using Relay.Server.Datasets.Reading;
using Relay.Server.Datasets.Samples;
using Relay.Server.Datasets.Uploads;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Datasets;

/// <summary>What the API tells of a dataset.</summary>
internal static class DatasetViews
{
    public static DatasetView Create(Dataset dataset) => Create(dataset, balances: null);

    /// <summary>With all that is told of one dataset alone.</summary>
    public static DatasetView CreateDetailed(Dataset dataset, LabelBalances balances, UploadCounter uploads) =>
        Create(dataset, balances) with { Uploads = uploads.Read(dataset) };

    private static DatasetView Create(Dataset dataset, LabelBalances? balances)
    {
        try
        {
            return Create(dataset, dataset.Samples, balances);
        }
        catch (Exception e) when (e is SampleFileException or DbException)
        {
            // One that is damaged must not hide the others.
            return Create(dataset, new SampleState(), [], 0) with { Problem = e.Message };
        }
    }

    private static DatasetView Create(Dataset dataset, SampleDatabase samples, LabelBalances? balances)
    {
        using DbConnection connection = samples.OpenForReads();
        IEnumerable<DatasetSource> sources = connection.Query<DatasetSource>(
            "SELECT name, rows, labels FROM sources ORDER BY rows DESC, labels DESC, name LIMIT @MaxSources", new { DatasetView.MaxSources });
        SampleState state = SampleState.Read(connection, null);
        return Create(dataset, state, [.. sources], samples.Bytes) with { Balance = balances?.Read(dataset, state, connection) };
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
