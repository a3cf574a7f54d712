namespace Relay.Server.Fleet;

/// <summary>What a relay keeps of nodes and their reports at most.</summary>
/// <param name="Nodes">The number of nodes.</param>
internal sealed record NodeLimits(int Nodes)
{
    /// <summary>Reports of a node that are kept one by one.</summary>
    public const int History = 20;

    /// <summary>Two reports in a row of a node that are further apart than this leave a gap: three times its heartbeat.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(15);

    /// <summary>An interval of the history ends after this time, though nothing changed: a signed report is kept of each day.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    /// <summary>Bytes of the reports that the history of one node keeps of one day. A node that changes more often than they allow has changes that
    /// are not kept, and none that was kept makes room for them.</summary>
    public const int HistoryBytesOfADay = 256 * 1024;

    public static readonly TimeSpan DefaultRetention = TimeSpan.FromDays(90);

    public static readonly TimeSpan ReturnedAfter = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan EstablishedAfter = TimeSpan.FromDays(1);

    /// <summary>A node that is not established is removed when it has not reported for this long.</summary>
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(1);

    /// <summary>Bytes of the history of one node; its latest report stays whatever it has.</summary>
    public long HistoryBytes { get; init; } = 64 * 1024;

    /// <summary>Bytes of all nodes together that are not established.</summary>
    public long BytesOfOthers { get; init; } = 64L * 1024 * 1024;

    /// <summary>Bytes of reports that wait to be written.</summary>
    public long WaitingBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>How long the history of what an enrolled node ran is kept.</summary>
    public TimeSpan Retention { get; init; } = DefaultRetention;

    public static NodeStanding StandingAfter(TimeSpan known) =>
        known >= EstablishedAfter ? NodeStanding.Established
        : known >= ReturnedAfter ? NodeStanding.Returned
        : NodeStanding.New;
}
