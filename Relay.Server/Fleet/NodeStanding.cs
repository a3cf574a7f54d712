namespace Relay.Server.Fleet;

/// <summary>How well a relay knows a node. Anyone can make up nodes, for as long as check-ins need no key: a node that has reported for long
/// never makes room for one that has not. A standing never falls. The database stores the number.</summary>
internal enum NodeStanding
{
    /// <summary>Its reports span less than <see cref="NodeLimits.ReturnedAfter"/>.</summary>
    New,

    /// <summary>It came back.</summary>
    Returned,

    /// <summary>Its reports span <see cref="NodeLimits.EstablishedAfter"/> or more: only an operator removes it.</summary>
    Established,
}
