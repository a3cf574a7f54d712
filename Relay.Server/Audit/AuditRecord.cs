using Relay.Server.Http.Access.Tokens;

namespace Relay.Server.Audit;

/// <summary>What an entry of the audit log says; its place in the log gives the rest.</summary>
/// <param name="Kind">One of those that <see cref="Shared.Contracts.Api.AuditEntry"/> names.</param>
internal sealed record AuditRecord(string Kind, string Actor, string Action, string Subject)
{
    /// <summary>The actor of what no request asked for.</summary>
    public const string Relay = "relay";

    public long? AnswerTo { get; init; }

    public int? Status { get; init; }

    public IReadOnlyDictionary<string, string>? Details { get; init; }

    /// <summary>The same with one detail more; none where there is no text.</summary>
    public AuditRecord With(string name, string? text) => string.IsNullOrEmpty(text)
        ? this
        : this with { Details = new SortedDictionary<string, string>(Details?.ToDictionary() ?? [], StringComparer.Ordinal) { [name] = text } };

    /// <summary>The actor of a request with this API key or token.</summary>
    public static string ActorOfKey(string key) => TokenActor.IsToken(key) ? key : $"key:{key}";
}
