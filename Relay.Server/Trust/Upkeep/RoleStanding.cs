using Shared.Contracts.Trust;

namespace Relay.Server.Trust.Upkeep;

/// <summary>A role as the current metadata has it: who may sign, how many must, and until when it holds.</summary>
internal sealed record RoleStanding(string Role, long Version, DateTimeOffset Expires, RoleKeys Keys)
{
    public static IReadOnlyList<RoleStanding> Of(RepositoryState state) =>
    [
        OfRoot(RoleNames.Root, state.Root, state),
        OfRoot(RoleNames.Targets, state.Targets, state),
        new(
            RoleNames.Channels, state.ChannelTargets.Version, state.ChannelTargets.Expires,
            state.Targets.Delegations!.Roles.Single(role => role.Name == RoleNames.Channels).Keys),
        OfRoot(RoleNames.Snapshot, state.Snapshot, state),
        OfRoot(RoleNames.Timestamp, state.Timestamp, state),
    ];

    private static RoleStanding OfRoot(string role, RoleMetadata metadata, RepositoryState state) =>
        new(role, metadata.Version, metadata.Expires, state.Root.Roles[role]);
}
