namespace Relay.Server.Fleet.Intervals;

/// <summary>A time in which every report of an enrolled node said the same. Times are milliseconds since 1970.</summary>
internal sealed record StoredInterval
{
    public long Id { get; init; }

    /// <summary>A text of <see cref="ReportedState"/>.</summary>
    public string State { get; init; } = "";

    /// <summary>When the relay received its first report.</summary>
    public long FromAt { get; init; }

    /// <summary>When the relay received its last report, so far.</summary>
    public long ToAt { get; init; }

    /// <summary>True until another one begins, or the node is removed.</summary>
    public bool IsOpen { get; init; }

    /// <summary>When the node was removed, which ended it; null where it was not.</summary>
    public long? RemovedAt { get; init; }

    /// <summary>The key that signed its reports: SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey { get; init; } = [];

    /// <summary>True where the node changed more often than is kept.</summary>
    public bool IsCrowded => State == ReportedState.Crowded;
}
