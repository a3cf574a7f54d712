using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Rotation;

/// <summary>Changes of the keys that are assigned to roles. Pure.</summary>
internal static class RoleAssignmentChange
{
    private const int MinimumPrefixLength = 6;

    /// <summary>The full id of a listed key.</summary>
    /// <param name="idOrPrefix">The id, or so much of its start that it is the only one.</param>
    public static Result<string, RotationRefusal> FindKey(RoleAssignments assignments, string idOrPrefix)
    {
        string[] matches = [.. RoleAssignments.RoleOrder
            .SelectMany(role => assignments[role].Keys).Select(key => key.Id).Distinct(StringComparer.Ordinal)
            .Where(id => id == idOrPrefix
                || (idOrPrefix.Length >= MinimumPrefixLength && id.StartsWith(idOrPrefix, StringComparison.OrdinalIgnoreCase)))];
        return matches switch
        {
            [string only] => only,
            [] => new RotationRefusal(
                RotationRefusalReason.UnknownKey,
                $"No role lists a key '{idOrPrefix}'. 'relay keys status' shows the ids; {MinimumPrefixLength} " +
                    $"characters or more of one are enough."),
            _ => new RotationRefusal(RotationRefusalReason.AmbiguousKey, $"{matches.Length} key ids start with '{idOrPrefix}'."),
        };
    }

    /// <summary>Puts new keys in place of some of a role's; the threshold stays. A replaced key goes under every id that it has.</summary>
    public static Result<RoleAssignments, RotationRefusal> Replace(
        RoleAssignments assignments, string role, IReadOnlyCollection<string> replaced, IReadOnlyList<VerificationKey> added)
    {
        KeyGroup group = assignments[role];
        if (added.FirstOrDefault(key => group.Keys.Any(present => present.Identity == key.Identity)) is { } twice)
        {
            return new RotationRefusal(RotationRefusalReason.AlreadyListed, $"The role {role} lists the key {twice.Id} already.");
        }

        HashSet<string> gone = [.. group.Keys.Where(key => replaced.Contains(key.Id)).Select(key => key.Identity)];
        KeyGroup next = group with { Keys = [.. group.Keys.Where(key => !gone.Contains(key.Identity)), .. added.DistinctBy(key => key.Identity)] };
        return next.DistinctKeys >= next.Threshold
            ? assignments.With(role, next)
            : new RotationRefusal(
                RotationRefusalReason.BelowThreshold,
                $"{next.Threshold} keys must sign for {role}, and {next.DistinctKeys} would be left. Give a replacement by --public-key, "
                + $"or let 'relay keys rotate {role}' make one.");
    }

    /// <summary>Takes a key out of every role, under whatever id it is listed there, and puts the replacement, if there is one, in its
    /// place.</summary>
    public static Result<RoleAssignments, RotationRefusal> Drop(RoleAssignments assignments, string keyId, VerificationKey? replacement)
    {
        HashSet<string> dropped = [.. RoleAssignments.RoleOrder
            .SelectMany(role => assignments[role].Keys).Where(key => key.Id == keyId).Select(key => key.Identity)];
        foreach (string role in RoleAssignments.RoleOrder)
        {
            string[] ids = [.. assignments[role].Keys.Where(key => dropped.Contains(key.Identity)).Select(key => key.Id)];
            if (ids.Length == 0)
            {
                continue;
            }

            Result<RoleAssignments, RotationRefusal> changed = Replace(assignments, role, ids, replacement is null ? [] : [replacement]);
            if (!changed.IsAccepted)
            {
                return changed;
            }

            assignments = changed.Value;
        }

        return assignments;
    }
}
