using System.Data.Common;
using System.Globalization;
using Dapper;
using Relay.Server.Audit;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Webhooks;

/// <summary>Stores what became of attempts. The position moves after a delivery: a relay that is killed in between sends the event again,
/// with the same id.</summary>
internal sealed class WebhookPosition(RelayDatabase database, WebhookSettings settings, TimeProvider timeProvider)
{
    private const double SmallestShare = 0.5;

    /// <summary>True when a webhook may be tried now. A next attempt farther away than any pause was planned by a clock that was ahead.</summary>
    public bool IsDue(StoredWebhook webhook)
    {
        long now = Instant.Now(timeProvider);
        return webhook.State == WebhookView.Active
            && (webhook.NextAt is not { } next || next <= now || next > now + settings.LongestPause.TotalMilliseconds);
    }

    /// <returns>True when the webhook is failing from now on: the relay tries no more.</returns>
    public bool Store(StoredWebhook webhook, long sequence, WebhookEvent sent, WebhookAttempt attempt) => database.Write((connection, transaction) =>
    {
        long now = Instant.Now(timeProvider);
        if (attempt.Error is null)
        {
            connection.Execute(
                """
                UPDATE webhooks SET position = CASE WHEN position > @sequence THEN position ELSE @sequence END, failures = 0, failing_since = NULL, next_at = NULL,
                    last_at = @now, last_event = @Event, last_status = @Status, last_error = NULL
                WHERE id = @Id
                """,
                new { webhook.Id, sequence, now, Event = sent.Id, attempt.Status }, transaction);
            return false;
        }

        bool isFailing = connection.QuerySingleOrDefault<string>(
            """
            UPDATE webhooks SET failures = failures + 1, failing_since = coalesce(failing_since, @now), next_at = @next,
                last_at = @now, last_event = @Event, last_status = @Status, last_error = @Error,
                state = CASE WHEN state = 'active' AND (@IsGone OR @now - coalesce(failing_since, @now) >= @limit) THEN 'failing' ELSE state END
            WHERE id = @Id
            RETURNING state
            """,
            new
            {
                webhook.Id,
                now,
                Event = sent.Id,
                attempt.Status,
                attempt.Error,
                attempt.IsGone,
                next = now + (long)Pause(webhook.Failures, attempt.RetryAfter).TotalMilliseconds,
                limit = (long)settings.GiveUpAfter.TotalMilliseconds,
            },
            transaction) == WebhookView.Failing;
        if (isFailing)
        {
            Enter(connection, transaction, webhook, attempt, now);
        }

        return isFailing;
    });

    /// <summary>The pause doubles with each failure. A random part keeps receivers that failed together from being called together.</summary>
    internal TimeSpan Pause(long failures, TimeSpan? asked)
    {
        double full = Math.Min(settings.FirstPause.TotalSeconds * Math.Pow(2, failures), settings.LongestPause.TotalSeconds);
        double drawn = full * (SmallestShare + ((1 - SmallestShare) * Random.Shared.NextDouble()));
        return TimeSpan.FromSeconds(Math.Max(drawn, Math.Min(asked?.TotalSeconds ?? 0, settings.LongestPause.TotalSeconds)));
    }

    private static void Enter(DbConnection connection, DbTransaction transaction, StoredWebhook webhook, WebhookAttempt attempt, long now) =>
        AuditTable.Append(
            connection, transaction,
            new AuditRecord(
                    AuditEntry.Event, AuditRecord.Relay, "webhook paused", string.Create(CultureInfo.InvariantCulture, $"webhook {webhook.Id}"))
                .With("name", webhook.Name).With("error", attempt.Error),
            Instant.FromMilliseconds(now));
}
