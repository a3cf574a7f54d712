using System.Data.Common;
using System.Text.Json;
using Dapper;
using Relay.Server.Models.Annotations;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.Server.Webhooks;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Models;

/// <summary>Versions: immutable and numbered from 1. Only a finished run adds one.</summary>
internal sealed class VersionStore(RelayDatabase database) : IStoredVersions
{
    private const string Select = """
        SELECT model, version, sha256, signature_sha256 AS SignatureSha256, size_bytes AS SizeBytes, run_id AS TrainingRun, card, created_at AS CreatedAt
        FROM model_versions
        """;

    /// <summary>One above the highest that was ever given: the number of a version that was deleted is not given again.</summary>
    public int NextVersion(string model)
    {
        using DbConnection connection = database.Open();
        return connection.ExecuteScalar<int>(
            """
            SELECT max(highest) + 1 FROM (
                SELECT 0 AS highest
                UNION ALL SELECT max(version) FROM model_versions WHERE model = @model
                UNION ALL SELECT max(version) FROM training_runs WHERE model = @model) AS numbers
            """,
            new { model });
    }

    public bool Exists(string model, int version)
    {
        using DbConnection connection = database.Open();
        return connection.ExecuteScalar<long>(
            "SELECT count(*) FROM model_versions WHERE model = @model AND version = @version", new { model, version }) > 0;
    }

    /// <inheritdoc/>
    public ModelVersion? FindMissing(IEnumerable<ModelVersion> versions) =>
        versions.FirstOrDefault(version => !Exists(version.Name, version.Version));

    public StoredVersion? Find(string model, int version)
    {
        using DbConnection connection = database.Open();
        return connection
            .QuerySingleOrDefault<Row>($"{Select} WHERE model = @model AND version = @version", new { model, version })
            ?.ToStored(TagTable.ReadVersions(connection, model, [version])(version));
    }

    /// <summary>The version with the highest number below one; null for the first.</summary>
    public StoredVersion? FindBefore(string model, int version)
    {
        using DbConnection connection = database.Open();
        return connection
            .QueryFirstOrDefault<Row>($"{Select} WHERE model = @model AND version < @version ORDER BY version DESC LIMIT 1",
                new { model, version }) is { } row
            ? row.ToStored(TagTable.ReadVersions(connection, model, [row.Version])(row.Version))
            : null;
    }

    /// <summary>A model's versions below the cursor, the newest first.</summary>
    public IReadOnlyList<VersionView> List(string model, VersionFilter filter, int? cursor, int limit)
    {
        ListConditions conditions = filter.AddTo(new ListConditions().Add("model = @", model).Add("version < @", cursor));
        conditions.WithLimit(limit);
        using DbConnection connection = database.Open();
        Row[] rows = [.. connection.Query<Row>($"{Select} {conditions} ORDER BY version DESC LIMIT @limit", conditions.Parameters)];
        Func<int, IReadOnlyDictionary<string, string>> tagsOf = TagTable.ReadVersions(connection, model, [.. rows.Select(row => row.Version)]);
        return [.. rows.Select(row => row.ToView(StoredModelJson.ReadMetrics(row.Card), tagsOf(row.Version)))
            .Select(view => view with { State = filter.States.Find(view) })];
    }

    /// <summary>The files of all versions.</summary>
    public IReadOnlyList<StoredFile> ReferencedFiles()
    {
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<(string Sha256, long? SizeBytes)>(
                "SELECT sha256, size_bytes FROM model_versions UNION SELECT signature_sha256, NULL FROM model_versions")
            .Select(row => new StoredFile(row.Sha256, row.SizeBytes))];
    }

    public static void Add(DbConnection connection, DbTransaction transaction, NewVersion version, long now)
    {
        connection.Execute(
            """
            INSERT INTO model_versions (model, version, run_id, sha256, size_bytes, signature_sha256, card, created_at)
            VALUES (@Name, @Version, @TrainingRun, @Sha256, @SizeBytes, @SignatureSha256, @Json, @now)
            """,
            new
            {
                version.Card.Name,
                version.Card.Version,
                version.TrainingRun,
                version.Card.Sha256,
                version.Card.SizeBytes,
                version.SignatureSha256,
                Json = JsonSerializer.Serialize(version.Card, ModelJson.Default.ModelCard),
                now,
            },
            transaction);
        WebhookEventData data = new()
        {
            Model = version.Card.Name,
            Version = version.Card.Version,
            Sha256 = version.Card.Sha256,
            TrainingRun = version.TrainingRun,
        };
        string subject = WebhookEventTable.VersionSubject(version.Card.Name, version.Card.Version);
        WebhookEventTable.Append(connection, transaction, WebhookEvents.VersionCreated, subject, data, now);
    }

    private sealed record Row
    {
        public string Model { get; init; } = "";

        public int Version { get; init; }

        public string Sha256 { get; init; } = "";

        public string SignatureSha256 { get; init; } = "";

        public long SizeBytes { get; init; }

        public long TrainingRun { get; init; }

        public string Card { get; init; } = "";

        public long CreatedAt { get; init; }

        public StoredVersion ToStored(IReadOnlyDictionary<string, string> tags)
        {
            ModelCard card = StoredModelJson.ReadCard(Card);
            return new(ToView(card.Metrics, tags), SignatureSha256, card);
        }

        public VersionView ToView(ModelMetrics metrics, IReadOnlyDictionary<string, string> tags) => new()
        {
            Model = Model,
            Version = Version,
            Sha256 = Sha256,
            SizeBytes = SizeBytes,
            Quality = metrics.Figures[0],
            TrainingRun = TrainingRun,
            CreatedAt = Instant.FromMilliseconds(CreatedAt),
            Tags = tags,
        };
    }
}

/// <summary>A version and the addresses of its files in the <see cref="ArtifactStore"/>.</summary>
/// <param name="SignatureSha256">The address of the detached CMS signature.</param>
internal sealed record StoredVersion(VersionView View, string SignatureSha256, ModelCard Card);

/// <summary>A version that a run adds; its files are stored already.</summary>
internal sealed record NewVersion(long TrainingRun, ModelCard Card, string SignatureSha256);
