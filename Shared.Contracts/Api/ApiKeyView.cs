using System.Text.Json.Serialization;

namespace Shared.Contracts.Api;

/// <summary>An API key, without its secret.</summary>
public sealed record ApiKeyView
{
    /// <summary>The middle part of the key's text, in lists and in the log.</summary>
    public required string Id { get; init; }

    /// <summary>Who or what uses it.</summary>
    public required string Name { get; init; }

    /// <summary>The person whose key it is; null where none was given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Owner { get; init; }

    /// <summary>admin, trainer, approver, operator, auditor or node.</summary>
    public required string Role { get; init; }

    /// <summary>valid, expired or revoked, by the relay's clock.</summary>
    public required string State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To the minute; null: never, or not since this relay notes it.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The id of the key that a rotation made for it.</summary>
    public string? ReplacedBy { get; init; }
}

/// <summary>Body of POST /v1/api-keys.</summary>
/// <param name="Name">Who or what uses the key, in one line of at most 100 characters.</param>
/// <param name="Role">admin, trainer, approver, operator, auditor or node.</param>
public sealed record ApiKeyRequest(string Name, string Role)
{
    /// <summary>Null: the key does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The person whose key it is, in one line of at most 100 characters: all keys of one owner count as one person where a spec asks for
    /// two people. Null: no person in particular.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Owner { get; init; }
}

/// <summary>Body of POST /v1/api-keys/{id}/rotate; it may be absent.</summary>
public sealed record ApiKeyRotation
{
    /// <summary>How long the old key stays valid; 0: it ends at once. Default: a day.</summary>
    public int? OverlapMinutes { get; init; }
}

/// <summary>A key that was just made: the only answer that has its text.</summary>
/// <param name="Text">What to send as <c>Authorization: Bearer</c>.</param>
public sealed record ApiKeyIssued(string Text, ApiKeyView Key);
