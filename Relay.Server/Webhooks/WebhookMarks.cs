using Dapper;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Webhooks;

/// <summary>Turns changes of states that have no table of their own into events: a state is compared with the one that was last seen, and the
/// event and the new mark are one transaction. What changed while the relay was off, or just before it was killed, is found at its next
/// start.</summary>
internal sealed class WebhookMarks(RelayDatabase database, TimeProvider timeProvider)
{
    /// <summary>Adds an event for each item that is new or has another value, and for each that is gone.</summary>
    /// <param name="kind">What the items are, such as channels.</param>
    /// <param name="ended">The type of the event of an item that is gone; null: none.</param>
    public void Update(string kind, IReadOnlyList<WebhookMark> items, Func<string, WebhookMark>? ended = null)
    {
        if (FindChanges(Read(kind), items) is not { Changed.Length: 0, Gone.Length: 0 })
        {
            database.Write((connection, transaction) =>
            {
                var (changed, gone) = FindChanges(
                    connection.Query<(string, string)>("SELECT item, value FROM webhook_marks WHERE kind = @kind", new { kind }, transaction), items);
                long now = Instant.Now(timeProvider);
                foreach (WebhookMark mark in changed)
                {
                    WebhookEventTable.Append(connection, transaction, mark.Type, mark.Subject, mark.Data, now);
                    connection.Execute(
                        """
                        INSERT INTO webhook_marks (kind, item, value) VALUES (@kind, @Item, @Value)
                        ON CONFLICT (kind, item) DO UPDATE SET value = excluded.value
                        """,
                        new { kind, mark.Item, mark.Value }, transaction);
                }

                foreach (string item in gone)
                {
                    if (ended?.Invoke(item) is { } mark)
                    {
                        WebhookEventTable.Append(connection, transaction, mark.Type, mark.Subject, mark.Data, now);
                    }

                    connection.Execute("DELETE FROM webhook_marks WHERE kind = @kind AND item = @item", new { kind, item }, transaction);
                }

                return true;
            });
        }
    }

    private List<(string Item, string Value)> Read(string kind)
    {
        using var connection = database.Open();
        return [.. connection.Query<(string, string)>("SELECT item, value FROM webhook_marks WHERE kind = @kind", new { kind })];
    }

    private static (WebhookMark[] Changed, string[] Gone) FindChanges(
        IEnumerable<(string Item, string Value)> before, IReadOnlyList<WebhookMark> items)
    {
        Dictionary<string, string> known = before.ToDictionary(mark => mark.Item, mark => mark.Value, StringComparer.Ordinal);
        return (
            [.. items.Where(mark => known.GetValueOrDefault(mark.Item) != mark.Value)],
            [.. known.Keys.Except(items.Select(mark => mark.Item), StringComparer.Ordinal)]);
    }
}

/// <summary>A state with the event that a change to it is.</summary>
/// <param name="Item">What has the state.</param>
/// <param name="Value">Another value is a change.</param>
/// <param name="Type">A name of <see cref="WebhookEvents"/>.</param>
/// <param name="Subject">A path below /v1.</param>
internal sealed record WebhookMark(string Item, string Value, string Type, string Subject, WebhookEventData Data);
