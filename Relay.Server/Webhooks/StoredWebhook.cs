using System.Text.Json;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Webhooks;

/// <summary>A row of the table of webhooks.</summary>
internal sealed record StoredWebhook
{
    public const string Columns = """
        id, name, url, events, secret, created_at AS CreatedAt, created_by AS CreatedBy, state, position, failures,
        failing_since AS FailingSince, next_at AS NextAt, last_at AS LastAt, last_event AS LastEvent, last_status AS LastStatus,
        last_error AS LastError
        """;

    public long Id { get; init; }

    public string Name { get; init; } = "";

    public string Url { get; init; } = "";

    /// <summary>JSON: the names of events.</summary>
    public string Events { get; init; } = "";

    public byte[] Secret { get; init; } = [];

    public long CreatedAt { get; init; }

    public string? CreatedBy { get; init; }

    /// <summary>Active, paused or failing, as <see cref="WebhookView.State"/> has it.</summary>
    public string State { get; init; } = "";

    /// <summary>The sequence of the last event that it has received, or was there before it.</summary>
    public long Position { get; init; }

    public long Failures { get; init; }

    public long? FailingSince { get; init; }

    public long? NextAt { get; init; }

    public long? LastAt { get; init; }

    public string? LastEvent { get; init; }

    public long? LastStatus { get; init; }

    public string? LastError { get; init; }

    public IReadOnlyList<string> EventNames => JsonSerializer.Deserialize(Events, RelayApiJson.Default.IReadOnlyListString) ?? [];

    public WebhookView ToView(int waiting) => new()
    {
        Id = Id,
        Name = Name,
        Url = Url,
        Events = EventNames,
        State = State == WebhookView.Active && Failures > 0 ? WebhookView.Retrying : State,
        CreatedAt = Instant.FromMilliseconds(CreatedAt),
        CreatedBy = CreatedBy,
        Waiting = waiting,
        Failures = (int)Failures,
        FailingSince = Instant.FromMilliseconds(FailingSince),
        NextAttemptAt = State == WebhookView.Active ? Instant.FromMilliseconds(NextAt) : null,
        LastDelivery = LastEvent is null || LastAt is not { } at
            ? null
            : new(LastEvent, Instant.FromMilliseconds(at)) { Status = (int?)LastStatus, Error = LastError },
    };

    /// <summary>The webhook without its secret, which no log may hold.</summary>
    public override string ToString() => $"{nameof(StoredWebhook)} {{ Id = {Id} }}";
}
