namespace Relay.Server.Fleet;

/// <summary>How well a relay knows a node. Where check-ins are open, anyone can make up nodes: a node that has reported for long never makes room
/// for one that has not, and an enrolled one for none. A standing never falls. The database stores the number.</summary>
internal enum NodeStanding
{
    /// <summary>Its reports span less than <see cref="NodeLimits.ReturnedAfter"/>.</summary>
    New,

    /// <summary>It came back.</summary>
    Returned,

    /// <summary>Its reports span <see cref="NodeLimits.EstablishedAfter"/> or more: it makes room for enrolled nodes only.</summary>
    Established,

    /// <summary>Its key is known: only an operator removes it.</summary>
    Enrolled,
}
