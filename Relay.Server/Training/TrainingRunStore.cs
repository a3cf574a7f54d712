using System.Data.Common;
using System.Text.Json;
using Dapper;
using Relay.Server.Models;
using Relay.Server.Storage;
using Relay.Training;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>Training runs and their states. A change is durable when its method returns.</summary>
internal sealed class TrainingRunStore(RelayDatabase database, TimeProvider timeProvider)
{
    /// <summary>A run fails when this many attempts had no end.</summary>
    public const int MaximumAttempts = 5;

    private const string Select = """
        SELECT id, model, spec, data, accept, gates, state, version, fault, fault_detail AS FaultDetail, started_by AS StartedBy, trigger,
            created_at AS CreatedAt, started_at AS StartedAt, finished_at AS FinishedAt
        FROM training_runs
        """;

    /// <param name="startedBy">The id of an API key.</param>
    /// <returns>Null for a model that is archived.</returns>
    public TrainingRun? TryAdd(ModelSpec spec, TrainingDataSource data, string? startedBy = null, IReadOnlyList<GateAcceptance>? accept = null) =>
        database.Write((connection, transaction) =>
            new NewRun(spec, data, startedBy, accept).TryInsert(connection, transaction, Instant.Now(timeProvider)));

    public TrainingRun? Find(long id)
    {
        using DbConnection connection = database.Open();
        return connection.QuerySingleOrDefault<TrainingRunRow>($"{Select} WHERE id = @id", new { id })?.ToView();
    }

    /// <summary>Runs below the cursor, the newest first.</summary>
    public IReadOnlyList<TrainingRun> List(TrainingRunFilter filter, long? cursor, int limit)
    {
        ListConditions conditions = filter.AddTo(new ListConditions().Add("id < @", cursor)).WithLimit(limit);
        using DbConnection connection = database.Open();
        return [.. connection.Query<TrainingRunRow>($"{Select} {conditions} ORDER BY id DESC LIMIT @limit", conditions.Parameters)
            .Select(row => row.ToView())];
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

    /// <summary>Cancels a queued run at once, and marks a running run so that it cannot succeed, even after a restart.</summary>
    /// <returns>The run with its new state; null for an unknown id.</returns>
    public TrainingRun? RequestCancel(long id)
    {
        database.Write((connection, transaction) => connection.Execute(
            """
            UPDATE training_runs SET cancel_requested = TRUE,
                state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END,
                finished_at = CASE state WHEN 'queued' THEN @Now ELSE finished_at END
            WHERE id = @id AND state IN ('queued', 'running')
            """,
            new { id, Now = Instant.Now(timeProvider) }, transaction));
        return Find(id);
    }

    public bool IsCancelRequested(long id)
    {
        using DbConnection connection = database.Open();
        return connection.ExecuteScalar<bool>("SELECT cancel_requested FROM training_runs WHERE id = @id", new { id });
    }

    /// <summary>Adds the version and ends the run, in one transaction.</summary>
    /// <returns>False if the run was cancelled before; then there is no version.</returns>
    public bool Succeed(NewVersion version) => database.Write((connection, transaction) =>
    {
        long now = Instant.Now(timeProvider);
        bool isRunning = connection.Execute(
            """
            UPDATE training_runs SET state = 'succeeded', version = @Version, finished_at = @now
            WHERE id = @TrainingRun AND state = 'running' AND cancel_requested = FALSE
            """,
            new { version.TrainingRun, version.Card.Version, now },
            transaction) > 0;
        if (isRunning)
        {
            VersionStore.Add(connection, transaction, version, now);
        }

        return isRunning;
    });

    /// <param name="gates">What the gates said, where one of them refused the model.</param>
    public void Fail(long id, TrainingProblem problem, IReadOnlyList<GateResult>? gates = null) => End(id, TrainingRunState.Failed, problem, gates);

    public void Cancel(long id) => End(id, TrainingRunState.Cancelled, null);

    /// <summary>Queues a running run again when the relay stops in order. The attempt does not count.</summary>
    public void Requeue(long id) => database.Write((connection, transaction) => connection.Execute(
        "UPDATE training_runs SET state = 'queued', attempts = attempts - 1, started_at = NULL WHERE id = @id AND state = 'running'",
        new { id }, transaction));

    /// <summary>While no run runs: queues a run again that the end of the process or a failure of the database interrupted, unless its
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
            connection.Execute(
                "UPDATE training_runs SET state = 'cancelled', finished_at = @now WHERE state = 'running' AND cancel_requested = TRUE",
                new { now }, transaction);
            foreach ((long id, string model) in connection.Query<(long, string)>(
                """
                UPDATE training_runs SET state = 'failed', fault = @Fault, fault_detail = @Detail, finished_at = @now
                WHERE state = 'running' AND attempts >= @MaximumAttempts
                RETURNING id, model
                """,
                new { now, problem.Fault, problem.Detail, MaximumAttempts }, transaction))
            {
                TrainingRunFailures.AddEvent(connection, transaction, id, model, problem, now);
            }

            return connection.Execute(
                "UPDATE training_runs SET state = 'queued', started_at = NULL WHERE state = 'running'", transaction: transaction);
        });
    }

    /// <summary>SHA-256 of the model files that unfinished runs are to import.</summary>
    public static IReadOnlyList<string> FindFilesToImport(RelayDatabase database)
    {
        using DbConnection connection = database.Open();
        return [.. connection.Query<string>(
            """
            SELECT json_extract(data, '$.import.sha256') FROM training_runs
            WHERE state IN ('queued', 'running') AND json_extract(data, '$.import.sha256') IS NOT NULL
            """)];
    }

    private TrainingRunRow? TakeNext() => database.Write((connection, transaction) => connection.QuerySingleOrDefault<TrainingRunRow>(
        """
        UPDATE training_runs SET state = 'running', attempts = attempts + 1, started_at = @Now
        WHERE id = (SELECT id FROM training_runs WHERE state = 'queued' ORDER BY id LIMIT 1)
        RETURNING id, model, spec, data, accept
        """,
        new { Now = Instant.Now(timeProvider) }, transaction));

    private void End(long id, TrainingRunState state, TrainingProblem? problem, IReadOnlyList<GateResult>? gates = null) =>
        database.Write((connection, transaction) =>
        {
            long now = Instant.Now(timeProvider);
            string? model = connection.QuerySingleOrDefault<string>(
                """
                UPDATE training_runs SET state = @State, fault = @Fault, fault_detail = @Detail, gates = @Gates, finished_at = @now
                WHERE id = @id AND state = 'running'
                RETURNING model
                """,
                new
                {
                    id,
                    State = TrainingRunRow.ToName(state),
                    problem?.Fault,
                    problem?.Detail,
                    Gates = gates is null ? null : JsonSerializer.Serialize(gates, ModelJson.Default.IReadOnlyListGateResult),
                    now,
                },
                transaction);
            if (model is not null && problem is not null)
            {
                TrainingRunFailures.AddEvent(connection, transaction, id, model, problem, now);
            }

            return model is not null;
        });
}
