using Relay.Server.Repository;
using Shared.Contracts.Tuf;

namespace Relay.Server.Keys;

/// <summary>A role as the current metadata has it: who may sign, how many must, and until when it holds.</summary>
internal sealed record RoleStatus(string Role, long Version, DateTimeOffset Expires, RoleKeys Keys)
{
    public static IReadOnlyList<RoleStatus> Of(RepositorySnapshot state) =>
    [
        OfRoot(RoleNames.Root, state.Root, state),
        OfRoot(RoleNames.Targets, state.Targets, state),
        new(
            RoleNames.Channels, state.ChannelTargets.Version, state.ChannelTargets.Expires,
            state.Targets.Delegations!.Roles.Single(role => role.Name == RoleNames.Channels).Keys),
        OfRoot(RoleNames.Snapshot, state.Snapshot, state),
        OfRoot(RoleNames.Timestamp, state.Timestamp, state),
    ];

    private static RoleStatus OfRoot(string role, RoleMetadata metadata, RepositorySnapshot state) =>
        new(role, metadata.Version, metadata.Expires, state.Root.Roles[role]);
}
