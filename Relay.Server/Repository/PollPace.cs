namespace Relay.Server.Repository;

/// <summary>The pace that nodes are asked to poll at.</summary>
/// <param name="Seconds">Seconds between polls; 0: the node's own.</param>
internal sealed record PollPace(int Seconds);
