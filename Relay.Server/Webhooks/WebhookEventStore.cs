using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Webhooks;

/// <summary>Reads the events that webhooks receive.</summary>
internal sealed class WebhookEventStore(RelayDatabase database, TimeProvider timeProvider)
{
    private const string Select = "SELECT sequence, id, type, subject, at, data FROM webhook_events";

    // The number of the database: receivers of several relays tell them apart.
    private readonly Lazy<string> _source = new(() => string.Create(CultureInfo.InvariantCulture, $"/relays/{database.EnsureIdentity():x8}"));

    /// <summary>Events after a sequence, the oldest first.</summary>
    /// <param name="type">A name of <see cref="WebhookEvents"/>; null: any.</param>
    /// <param name="since">The first time; null: any.</param>
    public IReadOnlyList<WebhookEvent> List(string? type, DateTimeOffset? since, long after, int limit)
    {
        ListConditions conditions = new ListConditions().Add("sequence > @", after).Add("type = @", type)
            .Add("at >= @", since?.ToUnixTimeMilliseconds());
        conditions.WithLimit(limit);
        using DbConnection connection = database.Open();
        return [.. connection.Query<Row>($"{Select} {conditions} ORDER BY sequence LIMIT @limit", conditions.Parameters).Select(ToEvent)];
    }

    /// <summary>The next event for a webhook, with its sequence; null when none waits.</summary>
    public (long Sequence, WebhookEvent Event)? FindNext(StoredWebhook webhook)
    {
        using DbConnection connection = database.Open();
        return connection.QueryFirstOrDefault<Row>(
            $"{Select} WHERE sequence > @Position AND type IN @EventNames ORDER BY sequence LIMIT 1",
            new { webhook.Position, webhook.EventNames }) is { } row
            ? (row.Sequence, ToEvent(row))
            : null;
    }

    /// <summary>An event that is not kept, to try a webhook.</summary>
    public WebhookEvent CreateTest(long webhook) => new()
    {
        Id = WebhookEventTable.NewId(),
        Source = _source.Value,
        Type = WebhookEvent.TypePrefix + WebhookEvents.Test,
        Subject = string.Create(CultureInfo.InvariantCulture, $"webhooks/{webhook}"),
        Time = Instant.FromMilliseconds(Instant.Now(timeProvider)),
        Sequence = Text(0),
        Data = new(),
    };

    /// <summary>Deletes the events that are older than <see cref="WebhookEventTable.Retention"/>.</summary>
    public void DeleteOld() => database.Write((connection, transaction) => connection.Execute(
        "DELETE FROM webhook_events WHERE at < @before",
        new { before = (timeProvider.GetUtcNow() - WebhookEventTable.Retention).ToUnixTimeMilliseconds() }, transaction));

    private WebhookEvent ToEvent(Row row) => new()
    {
        Id = row.Id,
        Source = _source.Value,
        Type = WebhookEvent.TypePrefix + row.Type,
        Subject = row.Subject,
        Time = Instant.FromMilliseconds(row.At),
        Sequence = Text(row.Sequence),
        Data = JsonSerializer.Deserialize(row.Data, RelayApiJson.Default.WebhookEventData) ?? new(),
    };

    private static string Text(long sequence) => sequence.ToString("D19", CultureInfo.InvariantCulture);

    private sealed record Row
    {
        public long Sequence { get; init; }

        public string Id { get; init; } = "";

        public string Type { get; init; } = "";

        public string Subject { get; init; } = "";

        public long At { get; init; }

        public string Data { get; init; } = "";
    }
}
