namespace Relay.Server.Fleet.Intervals;

/// <summary>A report as it was received, with what proves it.</summary>
internal sealed record StoredReport
{
    /// <summary>When the relay received it, in milliseconds since 1970.</summary>
    public long SeenAt { get; init; }

    /// <summary>The text that was signed; of a report that is not signed, the relay's own text of it.</summary>
    public string CheckIn { get; init; } = "";

    /// <summary>Path and query; null where it is not signed.</summary>
    public string? Target { get; init; }

    /// <summary>The header <c>Signature-Input</c>; null where it is not signed.</summary>
    public string? Input { get; init; }

    /// <summary>The header <c>Signature</c>; null where it is not signed.</summary>
    public string? Signature { get; init; }
}
