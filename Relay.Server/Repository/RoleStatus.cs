using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>A role in the current metadata: its keys, its threshold and its expiry.</summary>
internal sealed record RoleStatus(string Role, long Version, DateTimeOffset Expires, RoleKeys Keys)
{
    public static IReadOnlyList<RoleStatus> FromSnapshot(RepositorySnapshot snapshot) =>
    [
        Create(RoleNames.Root, snapshot.Root, snapshot),
        Create(RoleNames.Targets, snapshot.Targets, snapshot),
        new(
            RoleNames.Channels, snapshot.ChannelTargets.Version, snapshot.ChannelTargets.Expires,
            snapshot.Targets.Delegations!.Roles.Single(role => role.Name == RoleNames.Channels).Keys),
        Create(RoleNames.Snapshot, snapshot.Snapshot, snapshot),
        Create(RoleNames.Timestamp, snapshot.Timestamp, snapshot),
    ];

    private static RoleStatus Create(string role, RoleMetadata metadata, RepositorySnapshot snapshot) =>
        new(role, metadata.Version, metadata.Expires, snapshot.Root.Roles[role]);
}
