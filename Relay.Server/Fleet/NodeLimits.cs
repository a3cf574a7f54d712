namespace Relay.Server.Fleet;

/// <summary>What a relay keeps of nodes and their reports at most.</summary>
/// <param name="Nodes">The number of nodes.</param>
internal sealed record NodeLimits(int Nodes)
{
    /// <summary>Reports in the history of a node.</summary>
    public const int History = 20;

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

    public static NodeStanding StandingAfter(TimeSpan known) =>
        known >= EstablishedAfter ? NodeStanding.Established
        : known >= ReturnedAfter ? NodeStanding.Returned
        : NodeStanding.New;
}
