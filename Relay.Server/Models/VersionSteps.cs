using System.Data.Common;
using Dapper;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Models;

/// <summary>Who trained, published and signed for the versions of models, by the ids of API keys.</summary>
internal sealed class VersionSteps(RelayDatabase database, TimeProvider timeProvider)
{
    public const string Proposed = "proposed";
    public const string Published = "published";
    public const string Signed = "signed";

    /// <summary>The relay took its entry out of the signed metadata, since nothing named it any more.</summary>
    public const string Unlisted = "unlisted";

    private const string Trained = "trained";

    /// <summary>Of one version, in answers; an operator makes each.</summary>
    private const int Maximum = 100;

    /// <param name="key">The id of an API key.</param>
    /// <param name="subject">The release or the pending publication.</param>
    public void Add(IEnumerable<ModelVersion> versions, string kind, string? key, string subject)
    {
        long at = Instant.Now(timeProvider);
        database.Write((connection, transaction) => connection.Execute(
            "INSERT INTO version_steps (model, version, at, kind, key, subject) VALUES (@Name, @Version, @at, @kind, @key, @subject)",
            versions.Select(version => new { version.Name, version.Version, at, kind, key, subject }), transaction));
    }

    /// <summary>The oldest first: the training, then what came after it.</summary>
    public IReadOnlyList<VersionStep> List(string model, int version)
    {
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<(long At, string Kind, string? Key, string Subject)>(
                """
                SELECT at, kind, key, subject FROM (
                    SELECT 0 AS id, r.created_at AS at, @Trained AS kind, r.started_by AS key, '' AS subject
                    FROM model_versions v JOIN training_runs r ON r.id = v.run_id WHERE v.model = @model AND v.version = @version
                    UNION ALL
                    SELECT id, at, kind, key, subject FROM version_steps WHERE model = @model AND version = @version) AS steps
                ORDER BY id LIMIT @Maximum + 1
                """,
                new { model, version, Trained, Maximum })
            .Select(row => new VersionStep(Instant.FromMilliseconds(row.At), row.Kind, row.Key, row.Subject))];
    }

    /// <summary>The versions of a model that were published and whose entries left the metadata since.</summary>
    public IReadOnlyList<int> FindUnlisted(string model)
    {
        using DbConnection connection = database.Open();
        return [.. connection.Query<int>(
            "SELECT DISTINCT version FROM version_steps WHERE model = @model AND kind = @Unlisted", new { model, Unlisted })];
    }

    /// <summary>The API key that started the training of a version; null where the relay does not know it.</summary>
    public string? FindTrainer(ModelVersion version)
    {
        using DbConnection connection = database.Open();
        return connection.QuerySingleOrDefault<string?>(
            "SELECT started_by FROM model_versions JOIN training_runs ON training_runs.id = run_id WHERE model_versions.model = @Name AND " +
                "model_versions.version = @Version",
            new { version.Name, version.Version });
    }
}
