using Shared.Contracts.Api;

namespace Relay.AdminClient;

/// <summary>What became of a change that people may have to sign. One of the two is there.</summary>
/// <param name="Done">The change, where it is made.</param>
/// <param name="Pending">The publication that waits for signatures.</param>
public sealed record Proposal<T>(T? Done, PendingNotice? Pending)
    where T : class;
