namespace Relay.Server.Fleet.Identity;

/// <summary>A node whose key the relay knows.</summary>
/// <param name="IsBanned">True when an operator banned it: nothing that it signs is accepted.</param>
internal sealed record EnrolledNode(NodePublicKey Key, bool IsBanned);
