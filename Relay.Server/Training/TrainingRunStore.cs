using System.Data.Common;
using System.Text.Json;
using Dapper;
using Relay.Server.Models;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>Training runs and their states. A change is durable when its method returns.</summary>
internal sealed class TrainingRunStore(RelayDatabase database, TimeProvider timeProvider)
{
    /// <summary>A run fails when the process has ended during this many attempts.</summary>
    public const int MaximumAttempts = 5;

    private const string Select = """
        SELECT id, model, spec, data, state, version, fault, fault_detail AS FaultDetail,
            created_at AS CreatedAt, started_at AS StartedAt, finished_at AS FinishedAt
        FROM training_runs
        """;

    public TrainingRun Add(ModelSpec spec, TrainingDataSource data)
    {
        using DbConnection connection = database.Open();
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
            }).ToView();
    }

    public TrainingRun? Find(long id)
    {
        using DbConnection connection = database.Open();
        return connection.QuerySingleOrDefault<Row>($"{Select} WHERE id = @id", new { id })?.ToView();
    }

    /// <summary>Runs below the cursor, the newest first.</summary>
    public IReadOnlyList<TrainingRun> List(long? cursor, int limit)
    {
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<Row>($"{Select} WHERE id < @Before ORDER BY id DESC LIMIT @limit", new { Before = cursor ?? long.MaxValue, limit })
            .Select(row => row.ToView())];
    }

    /// <summary>Marks the oldest queued run as running and returns it; null if none is queued.</summary>
    public ClaimedRun? ClaimNext()
    {
        using DbConnection connection = database.Open();
        return connection.QuerySingleOrDefault<Row>(
            """
            UPDATE training_runs SET state = 'running', attempts = attempts + 1, started_at = @Now
            WHERE id = (SELECT id FROM training_runs WHERE state = 'queued' ORDER BY id LIMIT 1)
            RETURNING id, model, spec, data
            """,
            new { Now = Instant.Now(timeProvider) })?.ToClaimed();
    }

    /// <summary>Cancels a queued run at once, and marks a running run so that it cannot succeed, even after a restart.</summary>
    /// <returns>The run with its new state; null for an unknown id.</returns>
    public TrainingRun? RequestCancel(long id)
    {
        using DbConnection connection = database.Open();
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
            WHERE id = @TrainingRun AND state = 'running' AND cancel_requested = 0
            """,
            new { version.TrainingRun, version.Card.Version, now },
            transaction) > 0;
        if (isRunning)
        {
            VersionStore.Add(connection, transaction, version, now);
        }

        return isRunning;
    });

    public void Fail(long id, TrainingProblem problem) => End(id, TrainingRunState.Failed, problem);

    public void Cancel(long id) => End(id, TrainingRunState.Cancelled, null);

    /// <summary>Queues a running run again when the relay stops in order. The attempt does not count.</summary>
    public void Requeue(long id)
    {
        using DbConnection connection = database.Open();
        connection.Execute(
            "UPDATE training_runs SET state = 'queued', attempts = attempts - 1, started_at = NULL WHERE id = @id AND state = 'running'",
            new { id });
    }

    /// <summary>At start: queues a run again that the end of the process interrupted, unless its cancellation was requested or it was
    /// the last attempt.</summary>
    /// <returns>The number of runs that are queued again.</returns>
    public int Recover()
    {
        TrainingProblem problem = new(
            "Interrupted", $"The relay process ended during {MaximumAttempts} attempts of this run. Check the machine's memory, then start the run again.");
        using DbConnection connection = database.Open();
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
        using DbConnection connection = database.Open();
        connection.Execute(
            """
            UPDATE training_runs SET state = @State, fault = @Fault, fault_detail = @Detail, finished_at = @Now
            WHERE id = @id AND state = 'running'
            """,
            new { id, State = Row.ToName(state), problem?.Fault, problem?.Detail, Now = Instant.Now(timeProvider) });
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

        public static string ToName(TrainingRunState state) => state.ToString().ToLowerInvariant();

        public TrainingRun ToView() => new()
        {
            Id = Id,
            Model = Model,
            State = Enum.Parse<TrainingRunState>(State, ignoreCase: true),
            Stage = null,
            Done = 0,
            Total = null,
            Version = Version,
            Problem = Fault is null ? null : new TrainingProblem(Fault, FaultDetail ?? ""),
            Data = Source(),
            CreatedAt = Instant.FromMilliseconds(CreatedAt),
            StartedAt = Instant.FromMilliseconds(StartedAt),
            FinishedAt = Instant.FromMilliseconds(FinishedAt),
        };

        public ClaimedRun ToClaimed() => new(Id, StoredModelJson.ReadSpec(Spec), Source()) { UnknownMember = StoredModelJson.FindUnknownMember(Spec) };

        private TrainingDataSource Source() => JsonSerializer.Deserialize(Data, RelayApiJson.Default.TrainingDataSource)!;
    }
}

/// <summary>A run that the worker has taken, with the spec of the time when it was queued.</summary>
internal sealed record ClaimedRun(long Id, ModelSpec Spec, TrainingDataSource Data)
{
    /// <summary>Says that a newer version queued the run with a spec that this one does not know all of; null otherwise.</summary>
    public string? UnknownMember { get; init; }
}
