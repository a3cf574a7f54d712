using System.Data.Common;
using System.Text.Json;
using Dapper;
using Relay.Server.Storage;
using Relay.Training;
using Shared.Contracts.Api;

namespace Relay.Server.Training;

/// <summary>Which process has which run.</summary>
internal sealed partial class TrainingRunStore
{
    /// <summary>True while there are runs for several processes: one waits or runs, and the relay that works is not alone. One that is alone trains
    /// by itself, also while a process lives that trained for the relay before it.</summary>
    public bool HasShared()
    {
        using DbConnection connection = database.Open();
        return connection.ExecuteScalar<bool>(
            """
            SELECT EXISTS (SELECT 1 FROM training_runs WHERE state IN ('queued', 'running')) AND EXISTS (SELECT 1 FROM active_relay)
            """);
    }

    /// <summary>Marks the oldest queued run as running and returns it; null if none is queued. One that this version cannot read fails, so that
    /// it does not stand in the way of those behind it.</summary>
    public ClaimedRun? ClaimNext()
    {
        while (TakeNext() is { } row)
        {
            try
            {
                return row.ToClaimed();
            }
            catch (JsonException unreadable)
            {
                Fail(row.Id, new TrainingProblem(
                    nameof(TrainingFault.InvalidSpec),
                    $"This version of the relay cannot read the spec or the data source of the run, at {unreadable.Path}."));
            }
        }

        return null;
    }

    /// <summary>A run that a process has taken, with the spec of the time when it was queued; null for one that does not run.</summary>
    public ClaimedRun? FindRunning(long id)
    {
        using DbConnection connection = database.Open();
        return connection.QuerySingleOrDefault<TrainingRunRow>(
            "SELECT id, model, spec, data, accept, attempts, created_at AS CreatedAt FROM training_runs WHERE id = @id AND state = 'running'",
            new { id })?.ToClaimed();
    }

    /// <summary>Queues a running run again when the relay stops in order. The attempt does not count.</summary>
    public void Requeue(long id) => database.Write((connection, transaction) => connection.Execute(
        """
        UPDATE training_runs SET state = 'queued', attempts = attempts - 1, started_at = NULL
        WHERE id = @id AND state = 'running' AND worker IS NOT DISTINCT FROM @worker
        """,
        new { id, worker = owner?.Id }, transaction));

    /// <summary>While this process has no run: queues runs again that the end of a process or a failure of the database interrupted, unless its
    /// cancellation was requested or it was the last attempt.</summary>
    /// <returns>The number of runs that are queued again.</returns>
    public int Recover()
    {
        TrainingProblem problem = new(
            "Interrupted",
            $"{MaximumAttempts} attempts of this run had no end: the relay's process ended, or its database failed. Check the " +
                $"machine's memory and the log, "
            + "then start the run again.");
        return database.Write((connection, transaction) =>
        {
            long now = Instant.Now(timeProvider);
            if (FindInterrupted(connection, transaction) is not { Length: > 0 } ids)
            {
                return 0;
            }

            connection.Execute(
                "UPDATE training_runs SET state = 'cancelled', finished_at = @now WHERE id IN @ids AND cancel_requested = TRUE",
                new { now, ids }, transaction);
            foreach ((long id, string model) in connection.Query<(long, string)>(
                """
                UPDATE training_runs SET state = 'failed', fault = @Fault, fault_detail = @Detail, finished_at = @now
                WHERE id IN @ids AND state = 'running' AND attempts >= @MaximumAttempts
                RETURNING id, model
                """,
                new { now, ids, problem.Fault, problem.Detail, MaximumAttempts }, transaction))
            {
                TrainingRunFailures.AddEvent(connection, transaction, id, model, problem, now);
            }

            return connection.Execute(
                "UPDATE training_runs SET state = 'queued', started_at = NULL WHERE id IN @ids AND state = 'running'", new { ids }, transaction);
        });
    }

    private TrainingRunRow? TakeNext() => database.Write((connection, transaction) => connection.QuerySingleOrDefault<TrainingRunRow>(
        """
        UPDATE training_runs
        SET state = 'running', attempts = attempts + 1, started_at = @Now, worker = @Worker, stage = NULL, done = 0, total = NULL
        WHERE id = (
            SELECT id FROM training_runs
            WHERE state = 'queued' AND model NOT IN (SELECT model FROM training_runs WHERE state = 'running')
            ORDER BY id LIMIT 1)
        RETURNING id, model, spec, data, accept, attempts, created_at AS CreatedAt
        """,
        new { Now = Instant.Now(timeProvider), Worker = owner?.Id }, transaction));

    /// <summary>The runs whose process is gone.</summary>
    private long[] FindInterrupted(DbConnection connection, DbTransaction transaction) =>
    [
        .. connection.Query<(long Id, long? Worker)>("SELECT id, worker FROM training_runs WHERE state = 'running'", transaction: transaction)
            .ToList()
            .Where(run => owner is not { IsShared: true } || run.Worker is not { } worker
                || (worker != owner.Id && database.IsGone(connection, transaction, worker)))
            .Select(run => run.Id),
    ];
}
