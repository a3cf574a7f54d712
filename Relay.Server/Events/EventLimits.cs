namespace Relay.Server.Events;

/// <summary>The bounds of event streams. Nodes beyond them poll.</summary>
/// <param name="Streams">The number of open streams.</param>
/// <param name="Connections">The number of connections that streams are open on: one of HTTP/2 has many, such as that of a proxy.</param>
internal sealed record EventLimits(int Streams, long Connections = long.MaxValue)
{
    /// <summary>A node has one stream, and for a while those that its last processes left.</summary>
    private const int PerNode = 4;

    /// <summary>How many a caller may have: where it may stand for many nodes, a quarter of all, so that none keeps all others out.</summary>
    public int For(EventCaller caller) => caller.IsNode ? PerNode : Math.Max(PerNode, Streams / 4);

    /// <param name="streams">The number that the operator allows.</param>
    /// <param name="connections">The number of connections that the system allows; null where it tells none. Those with streams are half of them at
    /// most: the others are for polls and check-ins.</param>
    public static EventLimits Create(int streams, long? connections) => new(streams, connections is { } all ? all / 2 : long.MaxValue);
}
