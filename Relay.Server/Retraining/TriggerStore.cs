using System.Data.Common;
using System.Text.Json;
using Dapper;
using Relay.Server.Audit;
using Relay.Server.Storage;
using Relay.Server.Training;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Retraining;

/// <summary>Triggers, and the runs that they start.</summary>
internal sealed class TriggerStore(RelayDatabase database, TimeProvider timeProvider)
{
    /// <summary>As many as a relay keeps.</summary>
    public const int Maximum = 1000;

    private const string Columns = """
        id, model, data, rule, is_paused AS IsPaused, created_at AS CreatedAt, created_by AS CreatedBy, mark, fired_at AS FiredAt, run
        """;

    /// <param name="mark">What is known at its start: it fires for what comes after.</param>
    /// <returns>Null when the relay keeps as many as it can.</returns>
    public TrainingTriggerView? Add(TrainingTriggerRequest request, long mark, string? createdBy) => database.Write((connection, transaction) =>
        connection.ExecuteScalar<long>("SELECT count(*) FROM training_triggers", transaction: transaction) >= Maximum
            ? null
            : connection.QuerySingle<Row>(
                $"""
                INSERT INTO training_triggers (model, data, rule, created_at, created_by, mark)
                VALUES (@Model, @Data, @Rule, @Now, @createdBy, @mark) RETURNING {Columns}
                """,
                new
                {
                    request.Model,
                    Data = JsonSerializer.Serialize(request.Data, RelayApiJson.Default.TrainingDataSource),
                    Rule = JsonSerializer.Serialize(request.Rule, RelayApiJson.Default.TriggerRule),
                    Now = Instant.Now(timeProvider),
                    createdBy,
                    mark,
                },
                transaction).ToTrigger().View);

    public StoredTrigger? Find(long id)
    {
        using DbConnection connection = database.Open();
        return connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM training_triggers WHERE id = @id", new { id })?.ToTrigger();
    }

    /// <summary>Triggers after the cursor, the oldest first.</summary>
    public IReadOnlyList<StoredTrigger> List(long cursor, int limit)
    {
        using DbConnection connection = database.Open();
        return [.. connection.Query<Row>(
            $"SELECT {Columns} FROM training_triggers WHERE id > @cursor ORDER BY id LIMIT @limit", new { cursor, limit })
            .Select(row => row.ToTrigger())];
    }

    /// <returns>False for an unknown id.</returns>
    public bool SetPaused(long id, bool isPaused) => database.Write((connection, transaction) => connection.Execute(
        "UPDATE training_triggers SET is_paused = @isPaused WHERE id = @id", new { id, isPaused }, transaction) > 0);

    /// <returns>False for an unknown id.</returns>
    public bool Delete(long id) => database.Write((connection, transaction) =>
        connection.Execute("DELETE FROM training_triggers WHERE id = @id", new { id }, transaction) > 0);

    /// <summary>Sets the mark of a trigger that has none to fire for, such as one whose clock was set back.</summary>
    public void SetMark(long id, long mark) => database.Write((connection, transaction) =>
        connection.Execute("UPDATE training_triggers SET mark = @mark WHERE id = @id", new { id, mark }, transaction));

    /// <summary>Queues a run and moves the mark in one transaction: whenever the process is killed, the run is there once or the mark is as it
    /// was.</summary>
    /// <param name="mark">The new mark.</param>
    /// <returns>Null where the trigger was paused, deleted or fired meanwhile, where a run of it has not ended, or where its model is
    /// archived.</returns>
    public TrainingRun? Fire(StoredTrigger trigger, long mark, ModelSpec spec, TrainingDataSource data) => database.Write((connection, transaction) =>
    {
        TrainingTriggerView view = trigger.View;
        long now = Instant.Now(timeProvider);
        bool isFired = connection.Execute(
            """
            UPDATE training_triggers SET mark = @mark, fired_at = @now
            WHERE id = @Id AND is_paused = FALSE AND mark = @Before
                AND EXISTS (SELECT 1 FROM models WHERE name = training_triggers.model AND archived_at IS NULL)
                AND NOT EXISTS (SELECT 1 FROM training_runs WHERE trigger = @Id AND state IN ('queued', 'running'))
            """,
            new { view.Id, Before = trigger.Mark, mark, now }, transaction) > 0;
        if (!isFired || new NewRun(spec, data, view.CreatedBy, Trigger: view.Id).TryInsert(connection, transaction, now) is not { } run)
        {
            return null;
        }

        connection.Execute("UPDATE training_triggers SET run = @Run WHERE id = @Id", new { Run = run.Id, view.Id }, transaction);
        AuditRecord entry = new AuditRecord(AuditEntry.Event, AuditRecord.Relay, "training run started", $"training run {run.Id}")
            .With("model", run.Model).With("trigger", $"{view.Id}");
        AuditTable.Append(connection, transaction, entry, Instant.FromMilliseconds(now));
        return run;
    });

    private sealed record Row
    {
        public long Id { get; init; }

        public string Model { get; init; } = "";

        public string Data { get; init; } = "";

        public string Rule { get; init; } = "";

        public bool IsPaused { get; init; }

        public long CreatedAt { get; init; }

        public string? CreatedBy { get; init; }

        public long Mark { get; init; }

        public long? FiredAt { get; init; }

        public long? Run { get; init; }

        public StoredTrigger ToTrigger() => new(
            new TrainingTriggerView
            {
                Id = Id,
                Model = Model,
                Data = JsonSerializer.Deserialize(Data, RelayApiJson.Default.TrainingDataSource) ?? new(),
                Rule = JsonSerializer.Deserialize(Rule, RelayApiJson.Default.TriggerRule) ?? new(),
                IsPaused = IsPaused,
                CreatedAt = Instant.FromMilliseconds(CreatedAt),
                CreatedBy = CreatedBy,
                FiredAt = Instant.FromMilliseconds(FiredAt),
                Run = Run,
            },
            Mark);
    }
}
