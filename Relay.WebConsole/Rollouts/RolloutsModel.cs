using Shared.Contracts.Api;

namespace Relay.WebConsole.Rollouts;

/// <summary>What the list of rollouts shows.</summary>
/// <param name="Channels">The names to filter by.</param>
/// <param name="Channel">The filter; null: all.</param>
/// <param name="Status">The filter; null: all.</param>
/// <param name="IsLater">Whether this is not the first page of the list.</param>
public sealed record RolloutsModel(
    Page<RolloutView> Rollouts, IReadOnlyList<string> Channels, string? Channel, string? Status, bool IsLater);
