using System.Text.Json.Serialization;

namespace Shared.Contracts.Api;

/// <summary>An event of the relay as webhooks receive it: CloudEvents 1.0 in its structured JSON form.</summary>
public sealed record WebhookEvent
{
    /// <summary>The content type of a delivery.</summary>
    public const string ContentType = "application/cloudevents+json";

    /// <summary>What stands before the name of an event in <see cref="Type"/>.</summary>
    public const string TypePrefix = "relay.";

    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    /// <summary>Unique, and the same each time the event is sent.</summary>
    public required string Id { get; init; }

    /// <summary>The relay.</summary>
    public required string Source { get; init; }

    /// <summary><see cref="TypePrefix"/> and a name of <see cref="WebhookEvents"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The path of what it is about below /v1, such as <c>rollouts/3</c>.</summary>
    public required string Subject { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>The place among the events of the relay, in 19 digits: the extension <c>sequence</c> of CloudEvents. A later event has a
    /// greater one.</summary>
    public required string Sequence { get; init; }

    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    public required WebhookEventData Data { get; init; }
}

/// <summary>What happened; members that an event has nothing for are left out.</summary>
public sealed record WebhookEventData
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Version { get; init; }

    /// <summary>Of the model file, in hex.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sha256 { get; init; }

    /// <summary>The key of a tag.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tag { get; init; }

    /// <summary>What a tag was set to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Value { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Alias { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Channel { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Release { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? TrainingRun { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Rollout { get; init; }

    /// <summary>The id of a publication that waits for signatures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Publication { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Node { get; init; }

    /// <summary>Why, in a word that programs read: the fault of a training run, or the state of what expires.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>Why, for people.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Who caused it: the id of an API key, or relay.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? By { get; init; }
}
