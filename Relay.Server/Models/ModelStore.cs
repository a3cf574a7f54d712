using System.Data.Common;
using System.Text.Json;
using Dapper;
using Relay.Server.Http;
using Relay.Server.Models.Annotations;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Models;

/// <summary>Models: their names and the specs of their next runs.</summary>
internal sealed partial class ModelStore(RelayDatabase database, TimeProvider timeProvider)
{
    private const string Select = """
        SELECT name, spec, created_at AS CreatedAt, updated_at AS UpdatedAt, archived_at AS ArchivedAt,
            (SELECT max(version) FROM model_versions WHERE model = models.name) AS LatestVersion
        FROM models
        """;

    /// <returns>False if the name exists; then nothing changes.</returns>
    public bool TryAdd(ModelSpec spec) => database.Write((connection, transaction) => connection.Execute(
        "INSERT INTO models (name, spec, created_at, updated_at) VALUES (@Name, @Json, @Now, @Now) ON CONFLICT DO NOTHING",
        Parameters(spec), transaction) > 0);

    /// <summary>Replaces the spec. Runs that were queued before keep their spec.</summary>
    /// <param name="isExpected">Asked with the tag of the spec that is there; null: there is no such model.</param>
    /// <returns>False for an unknown model; null when the spec is not the expected one. Then nothing changes.</returns>
    public bool? TryReplace(ModelSpec spec, Func<string?, bool> isExpected) => database.Write<bool?>((connection, transaction) =>
    {
        ModelView? before = connection.QuerySingleOrDefault<Row>($"{Select} WHERE name = @Name", new { spec.Name }, transaction)?.ToView();
        return !isExpected(before is null ? null : TagOf(before.Spec))
            ? null
            : connection.Execute("UPDATE models SET spec = @Json, updated_at = @Now WHERE name = @Name", Parameters(spec), transaction) > 0;
    });

    /// <summary>The entity tag of a spec.</summary>
    public static string TagOf(ModelSpec spec) => EntityTags.Compute(JsonSerializer.Serialize(spec, ModelJson.Default.ModelSpec));

    public ModelView? Find(string name)
    {
        using DbConnection connection = database.Open();
        return connection.QuerySingleOrDefault<Row>($"{Select} WHERE name = @name", new { name })?.ToView() is { } model
            ? model with { Tags = TagTable.ReadModels(connection, [name])(name) }
            : null;
    }

    public bool Exists(string name)
    {
        using DbConnection connection = database.Open();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM models WHERE name = @name", new { name }) > 0;
    }

    /// <summary>Says why this version cannot train from the stored spec of a model; null where it can, or where there is no such model.</summary>
    public string? FindUnknownMember(string name)
    {
        using DbConnection connection = database.Open();
        return connection.QuerySingleOrDefault<string>("SELECT spec FROM models WHERE name = @name", new { name }) is { } spec
            ? StoredModelJson.FindUnknownMember(spec)
            : null;
    }

    /// <summary>Models by name, after the cursor.</summary>
    public IReadOnlyList<ModelView> List(ModelFilter filter, string? cursor, int limit)
    {
        ListConditions conditions = filter.AddTo(new ListConditions().Add("name > @", cursor));
        conditions.WithLimit(limit);
        using DbConnection connection = database.Open();
        Row[] rows = [.. connection.Query<Row>($"{Select} {conditions} ORDER BY name LIMIT @limit", conditions.Parameters)];
        Func<string, IReadOnlyDictionary<string, string>> tagsOf = TagTable.ReadModels(connection, [.. rows.Select(row => row.Name)]);
        return [.. rows.Select(row => row.ToView() with { Tags = tagsOf(row.Name) })];
    }

    private object Parameters(ModelSpec spec) =>
        new { spec.Name, Json = JsonSerializer.Serialize(spec, ModelJson.Default.ModelSpec), Now = Instant.Now(timeProvider) };

    private sealed record Row
    {
        public string Name { get; init; } = "";

        public string Spec { get; init; } = "";

        public long CreatedAt { get; init; }

        public long UpdatedAt { get; init; }

        public long? ArchivedAt { get; init; }

        public int? LatestVersion { get; init; }

        public ModelView ToView() => new(
            Name, LatestVersion, StoredModelJson.ReadSpec(Spec),
            Instant.FromMilliseconds(CreatedAt), Instant.FromMilliseconds(UpdatedAt))
        {
            ArchivedAt = Instant.FromMilliseconds(ArchivedAt),
        };
    }
}
