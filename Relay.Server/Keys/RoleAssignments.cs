using Shared.Contracts.Tuf;

namespace Relay.Server.Keys;

/// <summary>Who speaks for each of the five roles: the four of root, and channels, to which targets delegates.</summary>
internal sealed record RoleAssignments(KeyGroup Root, KeyGroup Targets, KeyGroup Channels, KeyGroup Snapshot, KeyGroup Timestamp)
{
    /// <summary>Root signatures that a root needs, unless a ceremony decides otherwise.</summary>
    public const int DefaultRootThreshold = 2;

    public static readonly IReadOnlyList<string> RoleOrder =
        [RoleNames.Root, RoleNames.Targets, RoleNames.Channels, RoleNames.Snapshot, RoleNames.Timestamp];

    public KeyGroup this[string role] => role switch
    {
        RoleNames.Root => Root,
        RoleNames.Targets => Targets,
        RoleNames.Channels => Channels,
        RoleNames.Snapshot => Snapshot,
        RoleNames.Timestamp => Timestamp,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "not a role of ours"),
    };

    public RoleAssignments With(string role, KeyGroup group) => role switch
    {
        RoleNames.Root => this with { Root = group },
        RoleNames.Targets => this with { Targets = group },
        RoleNames.Channels => this with { Channels = group },
        RoleNames.Snapshot => this with { Snapshot = group },
        RoleNames.Timestamp => this with { Timestamp = group },
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "not a role of ours"),
    };

    /// <summary>True when some role lists the key.</summary>
    public bool Lists(string keyId) => RoleOrder.Any(role => this[role].Has(keyId));

    public static RoleAssignments Of(RootMetadata root, TargetsMetadata targets) => new(
        Group(root, RoleNames.Root), Group(root, RoleNames.Targets), ChannelsOf(targets), Group(root, RoleNames.Snapshot),
        Group(root, RoleNames.Timestamp));

    /// <summary>The layout of a relay that makes its own first root from the keys that it holds.</summary>
    public static RoleAssignments OfHeld(SigningKeys keys) => new(
        KeyGroup.Of(keys.Of(RoleNames.Root), DefaultRootThreshold), KeyGroup.Of(keys.Of(RoleNames.Targets), 1),
        KeyGroup.Of(keys.Of(RoleNames.Channels), 1), KeyGroup.Of(keys.Of(RoleNames.Snapshot), 1),
        KeyGroup.Of(keys.Of(RoleNames.Timestamp), 1));

    private static KeyGroup ChannelsOf(TargetsMetadata targets)
    {
        Delegations delegations = targets.Delegations
            ?? throw new InvalidDataException("The targets metadata delegates to nobody: this is not a relay's repository.");
        return KeyGroup.Of(delegations.Roles.Single(role => role.Name == RoleNames.Channels).Keys, delegations.Keys);
    }

    private static KeyGroup Group(RootMetadata root, string role) => KeyGroup.Of(root.Roles[role], root.Keys);
}
