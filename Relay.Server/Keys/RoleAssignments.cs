using Shared.Contracts.Tuf;

namespace Relay.Server.Keys;

/// <summary>The keys of each of the five roles: the four that root assigns, and channels, to which targets delegates.</summary>
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

    /// <summary>What makes the keys of a role fewer than they look; null when nothing does.</summary>
    public string? FindKeyError() => RoleOrder.Where(role => this[role].DistinctKeys < this[role].Keys.Count)
        .Select(
            role =>
                $"The role {role} lists one key twice, or a key that cannot verify: a key on a curve without a name, or in " +
                    $"another encoding than the usual one.")
        .FirstOrDefault();

    /// <summary>True when some role lists the key.</summary>
    public bool Lists(string keyId) => RoleOrder.Any(role => this[role].Has(keyId));

    public static RoleAssignments FromMetadata(RootMetadata root, TargetsMetadata targets) => new(
        Group(root, RoleNames.Root), Group(root, RoleNames.Targets), ReadChannels(targets), Group(root, RoleNames.Snapshot),
        Group(root, RoleNames.Timestamp));

    /// <summary>The assignments of a relay that makes its own first root from the keys that it holds.</summary>
    public static RoleAssignments FromHeldKeys(SigningKeys keys) => new(
        KeyGroup.FromSigners(keys.ForRole(RoleNames.Root), DefaultRootThreshold), KeyGroup.FromSigners(keys.ForRole(RoleNames.Targets), 1),
        KeyGroup.FromSigners(keys.ForRole(RoleNames.Channels), 1), KeyGroup.FromSigners(keys.ForRole(RoleNames.Snapshot), 1),
        KeyGroup.FromSigners(keys.ForRole(RoleNames.Timestamp), 1));

    private static KeyGroup ReadChannels(TargetsMetadata targets)
    {
        Delegations delegations = targets.Delegations
            ?? throw new InvalidDataException("The targets metadata delegates to no role: this is not a relay's repository.");
        return KeyGroup.From(delegations.Roles.Single(role => role.Name == RoleNames.Channels).Keys, delegations.Keys);
    }

    private static KeyGroup Group(RootMetadata root, string role) => KeyGroup.From(root.Roles[role], root.Keys);
}
