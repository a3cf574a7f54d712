namespace Relay.Server.Fleet;

/// <summary>What became of a report.</summary>
/// <param name="LastSequence">The sequence number of the last report that is stored of a node that signs.</param>
internal readonly record struct CheckInReceipt(CheckInOutcome Outcome, long LastSequence = 0);

/// <summary>What becomes of a report.</summary>
internal enum CheckInOutcome
{
    /// <summary>It is durable.</summary>
    Stored,

    /// <summary>The node is new, and every place is taken by a node that makes no room for it.</summary>
    FleetFull,

    /// <summary>Too many reports wait to be written.</summary>
    Busy,

    /// <summary>It is stored already: the node sent it once more.</summary>
    Repeated,

    /// <summary>A later report of the node is stored.</summary>
    Outdated,

    /// <summary>The node has enrolled, and this report is not signed.</summary>
    Unsigned,

    /// <summary>The node's key was removed since the signature was verified.</summary>
    NotEnrolled,

    /// <summary>The node was banned since the signature was verified.</summary>
    Banned,
}
