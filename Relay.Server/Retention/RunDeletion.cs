using System.Data.Common;
using System.Globalization;
using Dapper;
using Relay.Server.Audit;
using Relay.Server.Storage;
using Relay.Server.Training.Records;
using Shared.Contracts.Api;

namespace Relay.Server.Retention;

/// <summary>Deletes training runs that have ended and that nothing names: no version that there is, and no trigger as its last run. The run that made
/// the highest version of its model stays, since it shows that the number was given.</summary>
internal sealed class RunDeletion(RelayDatabase database, RunFiles files, TimeProvider timeProvider)
{
    /// <summary>Runs of one transaction, and of one entry of the audit log.</summary>
    private const int BatchRuns = 100;

    private const string Unused = """
        r.state IN ('succeeded', 'failed', 'cancelled')
        AND NOT EXISTS (SELECT 1 FROM model_versions v WHERE v.run_id = r.id)
        AND NOT EXISTS (SELECT 1 FROM training_triggers t WHERE t.run = r.id)
        AND (r.version IS NULL
            OR r.version < (SELECT max(h.version) FROM training_runs h WHERE h.model = r.model)
            OR r.version < (SELECT max(v.version) FROM model_versions v WHERE v.model = r.model))
        """;

    private const string Expired = $"""
        SELECT id, model FROM (
            SELECT r.id, r.model, r.finished_at, row_number() OVER (PARTITION BY r.model ORDER BY r.id DESC) AS place
            FROM training_runs r JOIN models m ON m.name = r.model WHERE m.archived_at IS NULL AND {Unused}) AS runs
        WHERE finished_at < @before OR place > @keep ORDER BY id LIMIT @limit
        """;

    /// <param name="by">The id of an API key.</param>
    /// <returns>True when it is deleted, false when it stays; null for an unknown id.</returns>
    public bool? Delete(long id, string by)
    {
        bool? isDeleted = DeleteRow(id, by);
        if (isDeleted is true)
        {
            files.Delete([id]);
        }

        return isDeleted;
    }

    private bool? DeleteRow(long id, string by) => database.Write<bool?>((connection, transaction) =>
    {
        if (connection.QuerySingleOrDefault<string>("SELECT model FROM training_runs WHERE id = @id", new { id }, transaction) is not { } model)
        {
            return null;
        }

        if (connection.Execute($"DELETE FROM training_runs AS r WHERE r.id = @id AND {Unused}", new { id }, transaction) == 0)
        {
            return false;
        }

        Enter(connection, transaction, model, [id], AuditRecord.ActorOfKey(by));
        return true;
    });

    /// <summary>The runs that the rules let go, the oldest first.</summary>
    public IReadOnlyList<long> FindExpired(RetentionRules rules)
    {
        using DbConnection connection = database.Open();
        return [.. Find(connection, null, rules, int.MaxValue).Select(run => run.Id)];
    }

    /// <summary>Deletes the runs that the rules let go.</summary>
    public IReadOnlyList<long> DeleteExpired(RetentionRules rules, CancellationToken cancellationToken)
    {
        List<long> deleted = [];
        for (int batch = BatchRuns; batch == BatchRuns;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long[] runs = database.Write((connection, transaction) => DeleteBatch(connection, transaction, rules));
            files.Delete(runs);
            batch = runs.Length;
            deleted.AddRange(runs);
        }

        return deleted;
    }

    private long[] DeleteBatch(DbConnection connection, DbTransaction transaction, RetentionRules rules)
    {
        (long Id, string Model)[] runs = Find(connection, transaction, rules, BatchRuns);
        foreach (IGrouping<string, (long Id, string Model)> ofModel in runs.GroupBy(run => run.Model, StringComparer.Ordinal))
        {
            long[] ids = [.. ofModel.Select(run => run.Id)];
            connection.Execute("DELETE FROM training_runs WHERE id IN @ids", new { ids }, transaction);
            Enter(connection, transaction, ofModel.Key, ids, AuditRecord.Relay);
        }

        return [.. runs.Select(run => run.Id)];
    }

    private (long Id, string Model)[] Find(DbConnection connection, DbTransaction? transaction, RetentionRules rules, int limit)
    {
        if (rules is { RunDays: 0, KeepRuns: 0 })
        {
            return [];
        }

        long before = rules.RunDays == 0
            ? long.MinValue
            : Instant.Now(timeProvider) - (long)TimeSpan.FromDays(rules.RunDays).TotalMilliseconds;
        long keep = rules.KeepRuns == 0 ? long.MaxValue : rules.KeepRuns;
        return [.. connection.Query<(long, string)>(Expired, new { before, keep, limit }, transaction)];
    }

    private void Enter(DbConnection connection, DbTransaction transaction, string model, IReadOnlyList<long> ids, string actor)
    {
        string runs = string.Join(", ", ids.Select(id => id.ToString(CultureInfo.InvariantCulture)));
        AuditRecord entry = new AuditRecord(AuditEntry.Event, actor, "training runs deleted", model).With("runs", runs);
        AuditTable.Append(connection, transaction, entry, timeProvider.GetUtcNow());
    }
}
