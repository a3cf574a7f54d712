using System.Data.Common;
using Dapper;

namespace Relay.Server.Retention;

/// <summary>A stored version with what the database says about whether it may be deleted.</summary>
internal sealed record VersionRow
{
    private const string Select = """
        SELECT v.model, v.version, v.sha256, v.signature_sha256 AS SignatureSha256, v.created_at AS CreatedAt,
            (SELECT count(*) FROM alias_changes a WHERE a.model = v.model AND a.version = v.version) AS AliasChanges,
            (SELECT count(*) FROM version_steps s
                WHERE s.model = v.model AND s.version = v.version AND s.kind IN ('published', 'unlisted')) AS Publications,
            (SELECT count(*) FROM revocations r WHERE r.sha256 = v.sha256 OR (r.model = v.model AND r.version = v.version)) AS Revocations
        FROM model_versions v JOIN models m ON m.name = v.model
        """;

    public string Model { get; init; } = "";

    public int Version { get; init; }

    public string Sha256 { get; init; } = "";

    public string SignatureSha256 { get; init; } = "";

    public long CreatedAt { get; init; }

    public long AliasChanges { get; init; }

    public long Publications { get; init; }

    public long Revocations { get; init; }

    /// <summary>Why the database keeps it; null where it does not.</summary>
    public VersionHold? Hold =>
        Publications > 0 ? VersionHold.Published
        : Revocations > 0 ? VersionHold.Revoked
        : AliasChanges > 0 ? VersionHold.Aliased
        : null;

    public static VersionRow? Find(DbConnection connection, DbTransaction? transaction, string model, int version) =>
        connection.QuerySingleOrDefault<VersionRow>(
            $"{Select} WHERE v.model = @model AND v.version = @version", new { model, version }, transaction);

    /// <summary>The versions of all models that are not archived, of each the newest first.</summary>
    public static IReadOnlyList<VersionRow> List(DbConnection connection) =>
        [.. connection.Query<VersionRow>($"{Select} WHERE m.archived_at IS NULL ORDER BY v.model, v.version DESC")];
}
