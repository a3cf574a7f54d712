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
/// <param name="owner">This process among several that take runs; null: it takes all.</param>
internal sealed partial class TrainingRunStore(RelayDatabase database, TimeProvider timeProvider, RunOwner? owner = null)
{
    /// <summary>A run fails when this many attempts had no end.</summary>
    public const int MaximumAttempts = 5;

    private const string Select = """
        SELECT id, model, spec, data, accept, gates, state, version, fault, fault_detail AS FaultDetail, started_by AS StartedBy, trigger,
            stage, done, total, created_at AS CreatedAt, started_at AS StartedAt, finished_at AS FinishedAt
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

    /// <summary>True when this process is to end its work on a run: that was requested, or the run is not its own any more.</summary>
    public bool IsToEnd(long id)
    {
        using DbConnection connection = database.Open();
        return connection.ExecuteScalar<bool?>(
            "SELECT cancel_requested OR state <> 'running' OR worker IS DISTINCT FROM @worker FROM training_runs WHERE id = @id",
            new { id, worker = owner?.Id }) ?? true;
    }

    /// <summary>Stores how far a run of this process is, for other processes.</summary>
    public void StoreProgress(long id, TrainingProgress at) => database.Write((connection, transaction) => connection.Execute(
        """
        UPDATE training_runs SET stage = @Stage, done = @Done, total = @Total
        WHERE id = @id AND state = 'running' AND worker IS NOT DISTINCT FROM @worker
        """,
        new { id, at.Stage, at.Done, at.Total, worker = owner?.Id }, transaction));

    /// <summary>Adds the version and ends the run, in one transaction.</summary>
    /// <returns>False if the run was cancelled before; then there is no version.</returns>
    public bool Succeed(NewVersion version) => database.Write((connection, transaction) =>
    {
        long now = Instant.Now(timeProvider);
        bool isRunning = connection.Execute(
            """
            UPDATE training_runs SET state = 'succeeded', version = @Version, finished_at = @now
            WHERE id = @TrainingRun AND state = 'running' AND worker IS NOT DISTINCT FROM @worker AND cancel_requested = FALSE
            """,
            new { version.TrainingRun, version.Card.Version, now, worker = owner?.Id },
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

    private void End(long id, TrainingRunState state, TrainingProblem? problem, IReadOnlyList<GateResult>? gates = null) =>
        database.Write((connection, transaction) =>
        {
            long now = Instant.Now(timeProvider);
            string? model = connection.QuerySingleOrDefault<string>(
                """
                UPDATE training_runs SET state = @State, fault = @Fault, fault_detail = @Detail, gates = @Gates, finished_at = @now
                WHERE id = @id AND state = 'running' AND worker IS NOT DISTINCT FROM @worker
                RETURNING model
                """,
                new
                {
                    id,
                    worker = owner?.Id,
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
