using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Relay.Server.Audit;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.Server.Webhooks;
using Shared.Contracts.Api;

namespace Relay.Server.Rollouts;

/// <summary>Rollouts and their histories. A change is durable when its method returns, together with its event.</summary>
internal sealed class RolloutStore(RelayDatabase database, TimeProvider timeProvider) : IChannelReservations
{
    ChannelReservation? IChannelReservations.Find(string channel) => FindRunning(channel)?.Reservation;

    public Rollout? FindRunning(string channel) =>
        Query("WHERE channel = @channel AND finished_at IS NULL", new { channel }).SingleOrDefault();

    public Rollout? Find(long id) => Query("WHERE id = @id", new { id }).SingleOrDefault();

    public IReadOnlyList<Rollout> ListRunning() => Query("WHERE finished_at IS NULL ORDER BY id", null);

    /// <summary>Rollouts below the cursor, the newest first.</summary>
    public IReadOnlyList<Rollout> List(string? channel, DateTimeOffset? since, DateTimeOffset? until, long? cursor, int limit)
    {
        ListConditions conditions = new ListConditions().Add("id < @", cursor).Add("channel = @", channel)
            .Add("created_at >= @", since?.ToUnixTimeMilliseconds()).Add("created_at < @", until?.ToUnixTimeMilliseconds());
        conditions.WithLimit(limit);
        return Query($"{conditions} ORDER BY id DESC LIMIT @limit", conditions.Parameters);
    }

    /// <summary>What happened to a rollout, the oldest first.</summary>
    public IReadOnlyList<RolloutEvent> History(long id, long? cursor, int limit)
    {
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<(long Id, long At, string Kind, string Detail, string Who)>(
                "SELECT id, at, kind, detail, who FROM rollout_events WHERE rollout = @id AND id > @After ORDER BY id LIMIT @limit",
                new { id, After = cursor ?? 0, limit })
            .Select(row => new RolloutEvent(row.Id, Instant.FromMilliseconds(row.At), row.Kind, row.Detail, row.Who))];
    }

    /// <summary>Adds a rollout that intends to publish its first stage.</summary>
    /// <returns>Null when a rollout runs on the channel, or a version of it was deleted meanwhile.</returns>
    public Rollout? TryAdd(Rollout rollout, string detail) => database.Write((connection, transaction) =>
    {
        if (!RolloutVersions.HasAll(connection, transaction, rollout.Models ?? []))
        {
            return null;
        }

        long? id = connection.QuerySingleOrDefault<long?>(
            """
            INSERT INTO rollouts (channel, base_release, candidate_release, models, accepts_schema_change, salt, rule, state, outcome, step,
                percentage, started_by, created_at)
            VALUES (@Channel, @BaseRelease, @CandidateRelease, @Models, @AcceptsSchemaChange, @Salt, @Rule, @State, @Outcome, @Step, @Percentage,
                @StartedBy, @Now)
            ON CONFLICT DO NOTHING
            RETURNING id
            """,
            new
            {
                rollout.Channel,
                rollout.BaseRelease,
                rollout.CandidateRelease,
                Models = rollout.Models is { } models ? JsonSerializer.Serialize(models, RolloutModelsJson.Default.IReadOnlyListModelVersion) : null,
                rollout.AcceptsSchemaChange,
                rollout.Salt,
                rollout.Rule,
                rollout.State,
                Outcome = nameof(RolloutOutcome.Open),
                Step = rollout.Step.ToString(),
                rollout.Percentage,
                rollout.StartedBy,
                Now = Instant.Now(timeProvider),
            },
            transaction);
        if (id is not { } added)
        {
            return null;
        }

        AddEvent(connection, transaction, added, RolloutEvents.Started, detail, rollout.StartedBy, Instant.Now(timeProvider));
        return Query(connection, transaction, "WHERE id = @added", new { added }).Single();
    });

    /// <summary>Commits a change of a rollout that runs, with what happened.</summary>
    /// <returns>The rollout as it is now.</returns>
    /// <exception cref="InvalidOperationException">It was changed meanwhile: the callers of one relay take turns.</exception>
    public Rollout Update(Rollout changed, string? kind = null, string detail = "", string who = RolloutEvent.Relay) =>
        database.Write((connection, transaction) =>
        {
            int rows = connection.Execute(
                """
                UPDATE rollouts SET version = version + 1, candidate_release = @CandidateRelease, state = @State, outcome = @Outcome, step = @Step,
                    percentage = @Percentage, is_published = @IsPublished, is_begun = @IsBegun, pending = @Pending, waits_for = @WaitsFor, summary = @Summary,
                    finished_at = @FinishedAt
                WHERE id = @Id AND version = @Version AND finished_at IS NULL
                """,
                new
                {
                    changed.Id,
                    changed.Version,
                    changed.CandidateRelease,
                    changed.State,
                    Outcome = changed.Outcome.ToString(),
                    Step = changed.Step.ToString(),
                    changed.Percentage,
                    changed.IsPublished,
                    changed.IsBegun,
                    changed.Pending,
                    changed.WaitsFor,
                    changed.Summary,
                    FinishedAt = changed.FinishedAt?.ToUnixTimeMilliseconds(),
                },
                transaction);
            if (rows != 1)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Rollout {changed.Id} was changed meanwhile."));
            }

            if (kind is not null)
            {
                AddEvent(connection, transaction, changed.Id, kind, detail, who, Instant.Now(timeProvider));
            }

            if (changed.FinishedAt is not null)
            {
                connection.Execute(
                    "DELETE FROM rollout_evidence WHERE rollout = @Id; DELETE FROM rollout_nodes WHERE rollout = @Id",
                    new { changed.Id }, transaction);
            }

            return Query(connection, transaction, "WHERE id = @Id", new { changed.Id }).Single();
        });

    /// <summary>Adds an event in a transaction.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    public static void AddEvent(
        DbConnection connection, DbTransaction transaction, long rollout, string kind, string detail, string who, long now)
    {
        connection.Execute(
            "INSERT INTO rollout_events (rollout, at, kind, detail, who) VALUES (@rollout, @now, @kind, @detail, @who)",
            new { rollout, now, kind, detail, who },
            transaction);
        AuditRecord entry = new AuditRecord(
            AuditEntry.Event, Rollout.FindKey(who) is { } key ? AuditRecord.ActorOfKey(key) : AuditRecord.Relay, $"rollout {kind}",
            string.Create(CultureInfo.InvariantCulture, $"rollout {rollout}")).With("detail", detail);
        AuditTable.Append(connection, transaction, entry, Instant.FromMilliseconds(now));
        if (RolloutEvents.FindWebhookEvent(kind) is { } type)
        {
            WebhookEventData data = new()
            {
                Rollout = rollout,
                Channel = connection.ExecuteScalar<string>("SELECT channel FROM rollouts WHERE id = @rollout", new { rollout }, transaction),
                Detail = detail.Length == 0 ? null : detail,
                By = who,
            };
            string subject = string.Create(CultureInfo.InvariantCulture, $"rollouts/{rollout}");
            WebhookEventTable.Append(connection, transaction, type, subject, data, now);
        }
    }

    private IReadOnlyList<Rollout> Query(string where, object? parameters)
    {
        using DbConnection connection = database.Open();
        return Query(connection, null, where, parameters);
    }

    private static IReadOnlyList<Rollout> Query(DbConnection connection, DbTransaction? transaction, string where, object? parameters) =>
        [.. connection.Query<RolloutRow>($"{RolloutRow.Select} {where}", parameters, transaction).Select(row => row.ToRollout())];
}
