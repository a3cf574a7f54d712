using System.Text.Json.Serialization;

namespace Shared.Contracts.Api;

/// <summary>An entry of the relay's audit log. Its line in an export is this object as compact JSON in UTF-8, and its hash is the SHA-256 of that
/// line without the line break.</summary>
public sealed record AuditEntry
{
    /// <summary>A person or program asked for a change: written before the relay does it.</summary>
    public const string Request = "request";

    /// <summary>What the relay answered to the request.</summary>
    public const string Answer = "answer";

    /// <summary>A request for a change that the role of the key does not allow.</summary>
    public const string Denied = "denied";

    /// <summary>What the relay did by itself, such as a publication or a halted rollout.</summary>
    public const string Event = "event";

    /// <summary>A command on the machine of the relay that changed its data folder.</summary>
    public const string Command = "command";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Request, Answer, Denied, Event, Command];

    /// <summary>Counts from 1 without a gap.</summary>
    public required long Sequence { get; init; }

    /// <summary>By the relay's clock, in UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>request, answer, denied, event or command.</summary>
    public required string Kind { get; init; }

    /// <summary>key:ID of an API key, oidc:ISSUER#SUBJECT of a token, user:NAME of a command, or relay.</summary>
    public required string Actor { get; init; }

    /// <summary>The method and the route, the name of the event, or the command.</summary>
    public required string Action { get; init; }

    /// <summary>The path of the request, or what the event is about.</summary>
    public required string Subject { get; init; }

    /// <summary>Of an answer: the sequence of its request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? AnswerTo { get; init; }

    /// <summary>Of an answer: the HTTP status.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Status { get; init; }

    /// <summary>What else is to be kept, such as the id of what was made.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Details { get; init; }

    /// <summary>The hash of the entry before, in lower-case hexadecimal; 64 zeros for the first.</summary>
    public required string Previous { get; init; }
}

/// <summary>The end of the audit log at a time. Who keeps one can tell later whether an entry up to it was changed or taken away.</summary>
/// <param name="Sequence">Of the last entry.</param>
/// <param name="Hash">Of the last entry.</param>
/// <param name="At">When it was signed, by the relay's clock.</param>
public sealed record AuditHead(long Sequence, string Hash, DateTimeOffset At);

/// <summary>A head and its signature.</summary>
/// <param name="Document">The exact bytes that are signed: an <see cref="AuditHead"/> as JSON.</param>
/// <param name="Signature">Detached CMS in DER, by the key that signs models.</param>
public sealed record SignedAuditHead(byte[] Document, byte[] Signature);
