using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Models;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>Training runs and their states. Every change is on the disk before its method returns.</summary>
internal sealed class TrainingRunStore(RelayDatabase database, TimeProvider timeProvider)
{
    /// <summary>A run that was started this often and never ended took the process down with it.</summary>
    public const int MaximumAttempts = 5;

    private const string Select = """
        SELECT id, model, spec, data, state, version, fault, fault_detail AS FaultDetail,
            created_at AS CreatedAt, started_at AS StartedAt, finished_at AS FinishedAt
        FROM training_runs
        """;

    public TrainingRun Add(ModelSpec spec, TrainingDataSource data)
    {
        using SqliteConnection connection = database.Open();
        return connection.QuerySingle<Row>(
            """
            INSERT INTO training_runs (model, spec, data, state, created_at) VALUES (@Name, @Spec, @Data, 'queued', @Now)
            RETURNING id, model, spec, data, state, created_at AS CreatedAt
            """,
            new
            {
                spec.Name,
                Spec = JsonSerializer.Serialize(spec, ModelJson.Default.ModelSpec),
                Data = JsonSerializer.Serialize(data, RelayApiJson.Default.TrainingDataSource),
                Now = Instant.Now(timeProvider),
            }).View();
    }

    public TrainingRun? Find(long id)
    {
        using SqliteConnection connection = database.Open();
        return connection.QuerySingleOrDefault<Row>($"{Select} WHERE id = @id", new { id })?.View();
    }

    /// <summary>Runs, the newest first, below the cursor.</summary>
    public IReadOnlyList<TrainingRun> List(long? cursor, int limit)
    {
        using SqliteConnection connection = database.Open();
        return [.. connection
            .Query<Row>($"{Select} WHERE id < @Before ORDER BY id DESC LIMIT @limit", new { Before = cursor ?? long.MaxValue, limit })
            .Select(row => row.View())];
    }

    /// <summary>Makes the oldest queued run the running one.</summary>
    public ClaimedRun? ClaimNext()
    {
        using SqliteConnection connection = database.Open();
        return connection.QuerySingleOrDefault<Row>(
            """
            UPDATE training_runs SET state = 'running', attempts = attempts + 1, started_at = @Now
            WHERE id = (SELECT id FROM training_runs WHERE state = 'queued' ORDER BY id LIMIT 1)
            RETURNING id, model, spec, data
            """,
            new { Now = Instant.Now(timeProvider) })?.Claimed();
    }

    /// <summary>Ends a queued run at once, and marks a running one so that it cannot succeed any more, even after a restart.</summary>
    /// <returns>The run as it is then; null when there is none.</returns>
    public TrainingRun? RequestCancel(long id)
    {
        using SqliteConnection connection = database.Open();
        connection.Execute(
            """
            UPDATE training_runs SET cancel_requested = 1,
                state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END,
                finished_at = CASE state WHEN 'queued' THEN @Now ELSE finished_at END
            WHERE id = @id AND state IN ('queued', 'running')
            """,
            new { id, Now = Instant.Now(timeProvider) });
        return Find(id);
    }

    public bool IsCancelRequested(long id)
    {
        using SqliteConnection connection = database.Open();
        return connection.ExecuteScalar<bool>("SELECT cancel_requested FROM training_runs WHERE id = @id", new { id });
    }

    /// <summary>Adds the version and ends the run, both or neither.</summary>
    /// <returns>False when the run was cancelled meanwhile; then there is no version.</returns>
    public bool Succeed(NewVersion version) => database.Write((connection, transaction) =>
    {
        long now = Instant.Now(timeProvider);
        bool isMine = connection.Execute(
            """
            UPDATE training_runs SET state = 'succeeded', version = @Version, finished_at = @now
            WHERE id = @TrainingRun AND state = 'running' AND cancel_requested = 0
            """,
            new { version.TrainingRun, version.Card.Version, now },
            transaction) > 0;
        if (isMine)
        {
            VersionStore.Add(connection, transaction, version, now);
        }

        return isMine;
    });

    public void Fail(long id, TrainingProblem problem) => End(id, TrainingRunState.Failed, problem);

    public void Cancel(long id) => End(id, TrainingRunState.Cancelled, null);

    /// <summary>Gives a run back to the queue when the relay stops in order: this attempt does not count.</summary>
    public void Requeue(long id)
    {
        using SqliteConnection connection = database.Open();
        connection.Execute(
            "UPDATE training_runs SET state = 'queued', attempts = attempts - 1, started_at = NULL WHERE id = @id AND state = 'running'",
            new { id });
    }

    /// <summary>After a start: what ran when the process ended is queued again, unless it was cancelled or kept killing the
    /// process.</summary>
    /// <returns>Runs that were queued again.</returns>
    public int Recover()
    {
        TrainingProblem problem = new(
            "Interrupted", $"The relay ended {MaximumAttempts} times during this run: look for lack of memory, then start it again.");
        using SqliteConnection connection = database.Open();
        connection.Execute(
            """
            UPDATE training_runs SET state = 'cancelled', finished_at = @Now WHERE state = 'running' AND cancel_requested = 1;
            UPDATE training_runs SET state = 'failed', fault = @Fault, fault_detail = @Detail, finished_at = @Now
            WHERE state = 'running' AND attempts >= @MaximumAttempts;
            """,
            new { Now = Instant.Now(timeProvider), problem.Fault, problem.Detail, MaximumAttempts });
        return connection.Execute("UPDATE training_runs SET state = 'queued', started_at = NULL WHERE state = 'running'");
    }

    private void End(long id, TrainingRunState state, TrainingProblem? problem)
    {
        using SqliteConnection connection = database.Open();
        connection.Execute(
            """
            UPDATE training_runs SET state = @State, fault = @Fault, fault_detail = @Detail, finished_at = @Now
            WHERE id = @id AND state = 'running'
            """,
            new { id, State = Row.NameOf(state), problem?.Fault, problem?.Detail, Now = Instant.Now(timeProvider) });
    }

    private sealed record Row
    {
        public long Id { get; init; }

        public string Model { get; init; } = "";

        public string Spec { get; init; } = "";

        public string Data { get; init; } = "";

        public string State { get; init; } = "";

        public int? Version { get; init; }

        public string? Fault { get; init; }

        public string? FaultDetail { get; init; }

        public long CreatedAt { get; init; }

        public long? StartedAt { get; init; }

        public long? FinishedAt { get; init; }

        public static string NameOf(TrainingRunState state) => state.ToString().ToLowerInvariant();

        public TrainingRun View() => new(
            Id, Model, Enum.Parse<TrainingRunState>(State, ignoreCase: true), null, 0, null, Version,
            Fault is null ? null : new TrainingProblem(Fault, FaultDetail ?? ""), Source(),
            Instant.FromMilliseconds(CreatedAt), Instant.FromMilliseconds(StartedAt), Instant.FromMilliseconds(FinishedAt));

        public ClaimedRun Claimed() => new(Id, JsonSerializer.Deserialize(Spec, ModelJson.Default.ModelSpec)!, Source());

        private TrainingDataSource Source() => JsonSerializer.Deserialize(Data, RelayApiJson.Default.TrainingDataSource)!;
    }
}

/// <summary>A run that the worker took, with the spec as it was when the run was asked for.</summary>
internal sealed record ClaimedRun(long Id, ModelSpec Spec, TrainingDataSource Data);
