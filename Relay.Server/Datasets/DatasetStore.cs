using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Relay.Server.Datasets.Samples;
using Relay.Server.Http;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Datasets;

/// <summary>Datasets: what the relay knows of each, and its samples.</summary>
internal sealed class DatasetStore(RelayDatabase database, DataFolder folder, TimeProvider timeProvider) : IDisposable
{
    private const int KeyBytes = 32;
    private const string Select = "SELECT id, file, spec, created_at AS CreatedAt FROM datasets";
    private readonly SampleDatabases _samples = database.OpenSamples(folder);
    private readonly ConcurrentDictionary<string, Lazy<SampleDatabase>> _opened = new(StringComparer.Ordinal);

    /// <param name="createdBy">The id of an API key.</param>
    /// <returns>Null if the name exists; then nothing changes.</returns>
    public Dataset? Add(DatasetSpec spec, string? createdBy)
    {
        if (Find(spec.Name) is not null)
        {
            return null;
        }

        // The samples first: a kill in between leaves empty ones that nothing refers to.
        string file = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)) + SampleDatabases.Ending;
        SampleDatabase samples = _samples.Create(file, RandomNumberGenerator.GetBytes(KeyBytes));
        Row? added = database.Write((connection, transaction) => connection.QuerySingleOrDefault<Row>(
            """
            INSERT INTO datasets (name, file, spec, created_at, created_by) VALUES (@Name, @file, @Spec, @Now, @createdBy) ON CONFLICT DO NOTHING
            RETURNING id, file, spec, created_at AS CreatedAt
            """,
            new { spec.Name, file, Spec = DatasetJson.Write(spec), Now = Instant.Now(timeProvider), createdBy }, transaction));
        if (added is null)
        {
            samples.Dispose();
            _samples.TryDelete(file);
            return null;
        }

        _opened[file] = new Lazy<SampleDatabase>(() => samples);
        return ToDataset(added);
    }

    /// <summary>Replaces the spec. Its caller has compared the columns.</summary>
    /// <param name="before">The spec that it was compared with.</param>
    /// <returns>False when another replaced it meanwhile; then nothing changes.</returns>
    public bool TryReplace(DatasetSpec spec, DatasetSpec before) => database.Write((connection, transaction) =>
        connection.QuerySingleOrDefault<Row>($"{Select} WHERE name = @Name AND deleted_at IS NULL", new { spec.Name }, transaction) is { } row
        && TagOf(ToDataset(row).Spec) == TagOf(before)
        && connection.Execute(
            "UPDATE datasets SET spec = @Spec WHERE name = @Name", new { spec.Name, Spec = DatasetJson.Write(spec) }, transaction) > 0);

    /// <summary>The entity tag of a spec.</summary>
    public static string TagOf(DatasetSpec spec) => EntityTags.Compute(DatasetJson.Write(spec));

    public Dataset? Find(string name)
    {
        using DbConnection connection = database.Open();
        return connection.QuerySingleOrDefault<Row>($"{Select} WHERE name = @name AND deleted_at IS NULL", new { name }) is { } row
            ? ToDataset(row)
            : null;
    }

    /// <summary>The data source with the position that its dataset has now, where it names none: what comes later is no part of a run.</summary>
    public TrainingDataSource AtPosition(TrainingDataSource data)
    {
        if (data.Dataset is not { Position: null } rows || Find(rows.Name) is not { } dataset)
        {
            return data;
        }

        try
        {
            using DbConnection connection = dataset.Samples.OpenForReads();
            return data with { Dataset = rows with { Position = SampleState.Read(connection, null).Position } };
        }
        catch (Exception e) when (DeletedDatasetFilter.IsFailureOfFile(e) && Find(rows.Name)?.Id != dataset.Id)
        {
            return data;
        }
    }

    /// <summary>Datasets by name, after the cursor.</summary>
    /// <param name="part">A part of each name, of letters, digits and hyphens; null: any.</param>
    public IReadOnlyList<Dataset> List(string? part, string? cursor, int limit)
    {
        ListConditions conditions = new ListConditions().Append("deleted_at IS NULL").Add("name > @", cursor)
            .Add("name LIKE @", part is null ? null : $"%{part}%");
        conditions.WithLimit(limit);
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<Row>($"{Select} {conditions} ORDER BY name LIMIT @limit", conditions.Parameters)
            .Select(ToDataset)];
    }

    public int Count()
    {
        using DbConnection connection = database.Open();
        return connection.ExecuteScalar<int>("SELECT count(*) FROM datasets WHERE deleted_at IS NULL");
    }

    /// <summary>Deletes the dataset with its samples and the key of its hashes.</summary>
    /// <returns>False for an unknown name.</returns>
    public bool Delete(string name)
    {
        bool isFound = database.Write((connection, transaction) => connection.Execute(
            "UPDATE datasets SET deleted_at = @Now WHERE name = @name AND deleted_at IS NULL", new { name, Now = Instant.Now(timeProvider) },
            transaction) > 0);
        EndDeletions();
        return isFound;
    }

    /// <summary>Ends what a killed process began, or a reader kept: the samples of datasets whose deletion was asked for.</summary>
    public void EndDeletions()
    {
        foreach (string file in FindDeleted())
        {
            if (_opened.TryRemove(file, out Lazy<SampleDatabase>? opened) && opened.IsValueCreated)
            {
                opened.Value.Dispose();
            }

            if (_samples.TryDelete(file))
            {
                database.Write((connection, transaction) => connection.Execute("DELETE FROM datasets WHERE file = @file", new { file }, transaction));
            }
        }
    }

    /// <summary>Takes files of samples over that are not where this relay has samples.</summary>
    /// <param name="show">Is told of each.</param>
    public static void TakeOverFiles(RelayDatabase database, DataFolder folder, Action<string> show)
    {
        using DbConnection connection = database.Open();
        Dictionary<string, string> names = connection.Query<(string File, string Name)>("SELECT file, name FROM datasets WHERE deleted_at IS NULL")
            .ToDictionary(dataset => dataset.File, dataset => dataset.Name, StringComparer.Ordinal);
        database.OpenSamples(folder).TakeOverFiles(names, show);
    }

    /// <summary>The names of samples that belong to no dataset, as after the loss of a newer database.</summary>
    public IReadOnlyList<string> FindUnknown()
    {
        IReadOnlyList<string> all = _samples.FindNames();
        using DbConnection connection = database.Open();
        return [.. all.Except(connection.Query<string>("SELECT file FROM datasets"), StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    public void Dispose()
    {
        foreach (Lazy<SampleDatabase> file in _opened.Values.Where(file => file.IsValueCreated))
        {
            file.Value.Dispose();
        }
    }

    private string[] FindDeleted()
    {
        using DbConnection connection = database.Open();
        return [.. connection.Query<string>("SELECT file FROM datasets WHERE deleted_at IS NOT NULL")];
    }

    private Dataset ToDataset(Row row) => new(
        row.Id, DatasetJson.Read(row.Spec), Instant.FromMilliseconds(row.CreatedAt),
        _opened.GetOrAdd(row.File, file => new(() => _samples.Open(file), LazyThreadSafetyMode.PublicationOnly)));

    private sealed record Row(long Id, string File, string Spec, long CreatedAt);
}
