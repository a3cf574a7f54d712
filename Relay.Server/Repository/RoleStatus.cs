using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>A role in the current metadata: its keys, its threshold and its expiry.</summary>
internal sealed record RoleStatus(string Role, long Version, DateTimeOffset Expires, RoleKeys Keys)
{
    public static IReadOnlyList<RoleStatus> FromSnapshot(RepositorySnapshot state) =>
    [
        Create(RoleNames.Root, state.Root, state),
        Create(RoleNames.Targets, state.Targets, state),
        new(
            RoleNames.Channels, state.ChannelTargets.Version, state.ChannelTargets.Expires,
            state.Targets.Delegations!.Roles.Single(role => role.Name == RoleNames.Channels).Keys),
        Create(RoleNames.Snapshot, state.Snapshot, state),
        Create(RoleNames.Timestamp, state.Timestamp, state),
    ];

    private static RoleStatus Create(string role, RoleMetadata metadata, RepositorySnapshot state) =>
        new(role, metadata.Version, metadata.Expires, state.Root.Roles[role]);
}
