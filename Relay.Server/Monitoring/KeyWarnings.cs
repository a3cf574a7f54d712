using Relay.Server.Keys;
using Relay.Server.Repository;
using Shared.Contracts.Tuf;

namespace Relay.Server.Monitoring;

/// <summary>Warnings for the operator about the keys on this machine. Pure.</summary>
internal static class KeyWarnings
{
    public static IReadOnlyList<string> Find(IReadOnlyList<RoleStatus> roles, KeyInventory held, DateTimeOffset now) =>
        [.. roles.SelectMany(role => FindForRole(role, held, now)), .. FindForCms(held)];

    private static IEnumerable<string> FindForRole(RoleStatus role, KeyInventory held, DateTimeOffset now)
    {
        string[] here = [.. role.Keys.KeyIds.Where(held.Holds).Select(id => held.Files[id]).Distinct(StringComparer.Ordinal)];
        bool enough = here.Length >= role.Keys.Threshold;
        if (role.Role == RoleNames.Root && here.Length > 0)
        {
            yield return enough
                ? $"{here.Length} root keys lie on this machine ({string.Join(", ", here)}), enough to replace every other key: a thief of its " +
                    $"disk controls all nodes. Keep them offline."
                : $"{here.Length} root key lies on this machine ({string.Join(", ", here)}). It is not enough to sign a root, but keep it offline.";
        }

        if (role.Role == RoleNames.Targets && enough)
        {
            yield return $"the targets keys on this machine ({string.Join(", ", here)}) suffice to publish releases: a " +
                $"thief of its disk can publish, too.";
        }

        if (role.Role is RoleNames.Channels or RoleNames.Snapshot or RoleNames.Timestamp && !enough)
        {
            yield return $"too few keys of {role.Role} lie on this machine: the relay cannot renew it, and nodes accept no " +
                $"update after {role.Expires:u}.";
        }

        ExpiryState state = ExpiryAlerts.GetState(new(role.Role, role.Expires), now);
        if (state != ExpiryState.Fine)
        {
            yield return state == ExpiryState.Expired
                ? $"{role.Role} expired {role.Expires:u}: nodes keep their active release and accept no update."
                : $"{role.Role} expires {role.Expires:u} and was not renewed.";
        }
    }

    private static IEnumerable<string> FindForCms(KeyInventory held)
    {
        if (held.CmsRootKey is { } file)
        {
            yield return $"the key of the CMS root lies on this machine ({file}): a thief of its disk can issue signers. Keep it offline.";
        }

        foreach (string unreadable in held.Unreadable)
        {
            yield return $"{unreadable} contains a private key that the relay cannot read, such as one under a passphrase: it counts as offline.";
        }
    }
}
