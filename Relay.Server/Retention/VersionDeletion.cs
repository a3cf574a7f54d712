using System.Data.Common;
using System.Globalization;
using Dapper;
using Relay.Server.Audit;
using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Relay.Server.Rollouts;
using Relay.Server.Storage;
using Relay.Server.Webhooks;
using Shared.Contracts.Api;
using Shared.Platform.Files;

namespace Relay.Server.Retention;

/// <summary>Deletes versions that no one uses. It holds the repository meanwhile, as a publication does: one of the two sees the other.</summary>
internal sealed class VersionDeletion(DataFolder folder, RelayDatabase database, ArtifactStore artifacts, TimeProvider timeProvider)
{
    /// <summary>Who is told that it waits for a change of the repository.</summary>
    public LockWait LockWait { get; init; } = new();

    /// <param name="by">The id of an API key.</param>
    /// <returns>Null when it is deleted; else why it stays.</returns>
    /// <exception cref="InvalidDataException">The repository does not verify, or there is none: nothing was deleted.</exception>
    public async Task<VersionHold?> DeleteAsync(ModelVersion version, string by, CancellationToken cancellationToken)
    {
        using FileLock held = await HoldAsync(cancellationToken);
        return Delete(version, ReadNamed(), AuditRecord.ActorOfKey(by), by);
    }

    /// <summary>Deletes the versions that the rules let go.</summary>
    /// <returns>They; of a dry run, those that would go.</returns>
    /// <exception cref="InvalidDataException">The repository does not verify, or there is none: nothing was deleted.</exception>
    public async Task<IReadOnlyList<ModelVersion>> DeleteExpiredAsync(RetentionRules rules, bool dryRun, CancellationToken cancellationToken)
    {
        if (rules is { VersionDays: 0, KeepVersions: 0 } || !RowsOfRules(rules).Any())
        {
            return [];
        }

        using FileLock held = await HoldAsync(cancellationToken);
        NamedVersions named = ReadNamed();
        List<ModelVersion> deleted = [];
        foreach (ModelVersion version in FindExpired(rules, named))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (dryRun || Delete(version, named, AuditRecord.Relay, by: null) is null)
            {
                deleted.Add(version);
            }
        }

        return deleted;
    }

    /// <summary>The versions that the rules let go, as far as the database knows: without the repository's lock.</summary>
    private IEnumerable<ModelVersion> RowsOfRules(RetentionRules rules) => FindExpired(rules, named: null);

    private IEnumerable<ModelVersion> FindExpired(RetentionRules rules, NamedVersions? named)
    {
        long before = rules.VersionDays == 0
            ? long.MinValue
            : Instant.Now(timeProvider) - (long)TimeSpan.FromDays(rules.VersionDays).TotalMilliseconds;
        int keep = rules.KeepVersions == 0 ? int.MaxValue : rules.KeepVersions;
        using DbConnection connection = database.Open();
        HashSet<ModelVersion> inRollouts = RolloutVersions.ReadAll(connection, null);
        foreach (IGrouping<string, VersionRow> versions in VersionRow.List(connection).GroupBy(row => row.Model, StringComparer.Ordinal))
        {
            // The newest one is the next that may be published.
            int newest = versions.First().Version;
            IEnumerable<VersionRow> unused = versions.Where(row => row.Hold is null && !inRollouts.Contains(new(row.Model, row.Version))
                && named?.Find(new(row.Model, row.Version), row.Sha256) is null);
            foreach ((int place, VersionRow row) in unused.Index())
            {
                if (row.Version != newest && (row.CreatedAt < before || place >= keep))
                {
                    yield return new ModelVersion(row.Model, row.Version);
                }
            }
        }
    }

    private VersionHold? Delete(ModelVersion version, NamedVersions named, string actor, string? by)
    {
        using (DbConnection connection = database.Open())
        {
            if (VersionRow.Find(connection, null, version.Name, version.Version) is not { } row)
            {
                return VersionHold.Unknown;
            }

            if ((named.Find(version, row.Sha256) ?? row.Hold) is { } hold)
            {
                return hold;
            }

            // Before the rows go: their files stay for the grace period from now on, which a backup in progress relies on.
            artifacts.Touch(row.Sha256, timeProvider.GetUtcNow());
            artifacts.Touch(row.SignatureSha256, timeProvider.GetUtcNow());
        }

        return database.Write((connection, transaction) =>
        {
            if (VersionRow.Find(connection, transaction, version.Name, version.Version) is not { } row)
            {
                return VersionHold.Unknown;
            }

            if ((row.Hold ?? (RolloutVersions.ReadAll(connection, transaction).Contains(version) ? VersionHold.InRollout : null)) is { } hold)
            {
                return hold;
            }

            DeleteRows(connection, transaction, version);
            Enter(connection, transaction, row, actor, by);
            return (VersionHold?)null;
        });
    }

    private static void DeleteRows(DbConnection connection, DbTransaction transaction, ModelVersion version)
    {
        foreach (string table in (string[])["tags", "notes", "version_steps", "model_versions"])
        {
            connection.Execute($"DELETE FROM {table} WHERE model = @Name AND version = @Version", version, transaction);
        }
    }

    private void Enter(DbConnection connection, DbTransaction transaction, VersionRow row, string actor, string? by)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        AuditRecord entry = new AuditRecord(
            AuditEntry.Event, actor, "version deleted", string.Create(CultureInfo.InvariantCulture, $"{row.Model} {row.Version}"))
            .With("sha256", row.Sha256);
        AuditTable.Append(connection, transaction, entry, now);
        WebhookEventTable.Append(
            connection, transaction, WebhookEvents.VersionDeleted, WebhookEventTable.VersionSubject(row.Model, row.Version),
            new() { Model = row.Model, Version = row.Version, Sha256 = row.Sha256, By = by }, now.ToUnixTimeMilliseconds());
    }

    private Task<FileLock> HoldAsync(CancellationToken cancellationToken) =>
        FileLock.AcquireAsync(new RepositoryFiles(folder.Repository, new()).LockPath, LockWait, cancellationToken);

    private NamedVersions ReadNamed()
    {
        DurableFiles files = new();
        RepositorySnapshot snapshot = RepositorySnapshot.Read(new RepositoryFiles(folder.Repository, files), timeProvider.GetUtcNow())
            ?? throw TufRepository.NotInitialized();
        PendingFolder pending = new(Path.Combine(folder.Repository, "pending"), files, new ContentFiles(files, artifactsFolder: null));
        return new(snapshot, new PendingPublications(pending, lowestVersion: 0).List(snapshot));
    }
}
