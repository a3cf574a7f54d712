using System.Data.Common;
using Dapper;
using Relay.Server.Models;
using Relay.Server.Repository.Pruning;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Retention;

/// <summary>What the database knows of published versions, aliases and the reports of nodes.</summary>
internal sealed class StoredReleaseUses(RelayDatabase database, VersionSteps steps) : IReleaseUses
{
    public ReleaseUses Find(DateTimeOffset seenSince)
    {
        using DbConnection connection = database.Open();
        return new(
            connection.Query<long>(
                "SELECT DISTINCT release FROM nodes WHERE seen_at >= @since", new { since = seenSince.ToUnixTimeMilliseconds() })
                .Select(release => (int)release)
                .ToHashSet(),
            ReadVersions(connection, "SELECT model, version FROM model_versions"),
            ReadVersions(
                connection,
                """
                SELECT model, version FROM alias_changes
                WHERE version IS NOT NULL AND id IN (SELECT max(id) FROM alias_changes GROUP BY model, alias)
                """));
    }

    public void NoteLeaving(IReadOnlyCollection<ModelVersion> versions)
    {
        if (versions.Count > 0)
        {
            steps.Add(versions, VersionSteps.Unlisted, key: null, subject: "");
        }
    }

    private static HashSet<ModelVersion> ReadVersions(DbConnection connection, string sql) =>
        [.. connection.Query<(string Model, long Version)>(sql).Select(row => new ModelVersion(row.Model, (int)row.Version))];
}
