using System.Text.Json.Serialization;

namespace Shared.Contracts.Api;

/// <summary>Body of POST <see cref="Routes.Webhooks"/>: an address that the relay sends events to.</summary>
/// <param name="Url">An https address.</param>
/// <param name="Events">Names of <see cref="WebhookEvents"/>.</param>
/// <param name="Name">Who or what receives them, in one line.</param>
public sealed record WebhookRequest(string Url, IReadOnlyList<string> Events, string Name)
{
    /// <summary>The longest URL, in characters.</summary>
    public const int MaximumUrl = 1000;

    /// <summary>The longest name, in characters.</summary>
    public const int MaximumName = 100;
}

/// <summary>Answer of POST <see cref="Routes.Webhooks"/>.</summary>
/// <param name="Secret">The key of the signatures: <c>whsec_</c> and base64 of 32 bytes. It is shown this once.</param>
public sealed record WebhookCreated(WebhookView Webhook, string Secret)
{
    /// <summary>The record without the secret, which no log may hold.</summary>
    public override string ToString() => $"{nameof(WebhookCreated)} {{ Webhook = {Webhook} }}";
}

/// <summary>A webhook of the relay, without its secret.</summary>
public sealed record WebhookView
{
    /// <summary>Events are delivered as they come.</summary>
    public const string Active = "active";

    /// <summary>The last delivery failed, and the relay tries again.</summary>
    public const string Retrying = "retrying";

    /// <summary>An operator paused it.</summary>
    public const string Paused = "paused";

    /// <summary>The relay paused it, because no delivery succeeded for a day or the receiver answered 410.</summary>
    public const string Failing = "failing";

    public required long Id { get; init; }

    public required string Name { get; init; }

    public required string Url { get; init; }

    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>active, retrying, paused or failing.</summary>
    public required string State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The id of the API key that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CreatedBy { get; init; }

    /// <summary>The events that wait for delivery, counted up to <see cref="MaximumWaiting"/>.</summary>
    public required int Waiting { get; init; }

    /// <summary>The highest <see cref="Waiting"/>: it means as many or more.</summary>
    public const int MaximumWaiting = 1000;

    /// <summary>Deliveries that failed since the last one that did not.</summary>
    public required int Failures { get; init; }

    /// <summary>When the first of the <see cref="Failures"/> was; null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When the relay tries again; null where nothing failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The last attempt; null before the first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WebhookDelivery? LastDelivery { get; init; }
}

/// <summary>An attempt to deliver an event.</summary>
/// <param name="Event">The id of the event.</param>
public sealed record WebhookDelivery(string Event, DateTimeOffset At)
{
    /// <summary>The status of the answer; null where there was none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Status { get; init; }

    /// <summary>Why the event counts as not delivered; null where it was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }
}
