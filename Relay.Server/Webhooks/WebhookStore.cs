using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Webhooks;

/// <summary>Webhooks and their secrets. The relay signs with a secret, so that it keeps the secret itself and not its hash.</summary>
internal sealed class WebhookStore(RelayDatabase database, TimeProvider timeProvider)
{
    /// <summary>As many as a relay keeps.</summary>
    public const int Maximum = 20;

    private const int SecretBytes = 32;
    private const string SecretPrefix = "whsec_";

    /// <returns>The webhook with its secret, for events from now on; null when the relay keeps as many as it can.</returns>
    public WebhookCreated? Add(WebhookRequest request, string? createdBy)
    {
        byte[] secret = RandomNumberGenerator.GetBytes(SecretBytes);
        StoredWebhook? added = database.Write((connection, transaction) =>
            connection.ExecuteScalar<long>("SELECT count(*) FROM webhooks", transaction: transaction) >= Maximum
                ? null
                : connection.QuerySingle<StoredWebhook>(
                    $"""
                    INSERT INTO webhooks (name, url, events, secret, created_at, created_by, position)
                    VALUES (@Name, @Url, @Events, @secret, @Now, @createdBy,
                        @Last)
                    RETURNING {StoredWebhook.Columns}
                    """,
                    new
                    {
                        request.Name,
                        request.Url,
                        Events = JsonSerializer.Serialize([.. request.Events.Distinct(StringComparer.Ordinal)],
                            RelayApiJson.Default.IReadOnlyListString),
                        secret,
                        Last = database.FindLastNumber(connection, transaction, "webhook_events"),
                        Now = Instant.Now(timeProvider),
                        createdBy,
                    },
                    transaction));
        return added is null ? null : new(added.ToView(waiting: 0), SecretPrefix + Convert.ToBase64String(secret));
    }

    public StoredWebhook? Find(long id)
    {
        using DbConnection connection = database.Open();
        return connection.QuerySingleOrDefault<StoredWebhook>($"SELECT {StoredWebhook.Columns} FROM webhooks WHERE id = @id", new { id });
    }

    /// <summary>All webhooks, the oldest first.</summary>
    public IReadOnlyList<StoredWebhook> List()
    {
        using DbConnection connection = database.Open();
        return [.. connection.Query<StoredWebhook>($"SELECT {StoredWebhook.Columns} FROM webhooks ORDER BY id")];
    }

    /// <summary>The webhook with the number of the events that wait for it.</summary>
    public WebhookView Describe(StoredWebhook webhook)
    {
        using DbConnection connection = database.Open();
        return webhook.ToView(connection.ExecuteScalar<int>(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM webhook_events WHERE sequence > @Position AND type IN @EventNames LIMIT @MaximumWaiting) AS waiting
            """,
            new { webhook.Position, webhook.EventNames, WebhookView.MaximumWaiting }));
    }

    /// <returns>False for an unknown id.</returns>
    public bool Delete(long id) => database.Write((connection, transaction) =>
        connection.Execute("DELETE FROM webhooks WHERE id = @id", new { id }, transaction) > 0);

    /// <returns>False for an unknown id.</returns>
    public bool Pause(long id) => database.Write((connection, transaction) => connection.Execute(
        "UPDATE webhooks SET state = 'paused' WHERE id = @id", new { id }, transaction) > 0);

    /// <summary>Delivers what waits, from the next attempt on as if none had failed.</summary>
    /// <returns>False for an unknown id.</returns>
    public bool Resume(long id) => database.Write((connection, transaction) => connection.Execute(
        "UPDATE webhooks SET state = 'active', failures = 0, failing_since = NULL, next_at = NULL WHERE id = @id", new { id }, transaction) > 0);
}
