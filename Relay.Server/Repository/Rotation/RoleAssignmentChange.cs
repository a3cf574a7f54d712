using Relay.Server.Keys;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Rotation;

/// <summary>Who shall speak for each role next. Pure.</summary>
internal static class RoleAssignmentChange
{
    private const int ShortestStart = 6;

    /// <summary>The full id of a listed key.</summary>
    /// <param name="idOrStart">The id, or so much of its start that it is the only one.</param>
    /// <exception cref="RotationException">No key is meant, or several are.</exception>
    public static string Find(RoleAssignments layout, string idOrStart)
    {
        string[] meant = [.. RoleAssignments.RoleOrder.SelectMany(role => layout[role].Keys).Select(key => key.Id).Distinct(StringComparer.Ordinal)
            .Where(id => id == idOrStart || (idOrStart.Length >= ShortestStart && id.StartsWith(idOrStart, StringComparison.OrdinalIgnoreCase)))];
        return meant switch
        {
            [string only] => only,
            [] => throw new RotationException(
                RotationFault.UnknownKey,
                $"No role lists a key '{idOrStart}'. 'relay keys status' shows the ids; {ShortestStart} characters or more of one are enough."),
            _ => throw new RotationException(RotationFault.AmbiguousKey, $"{meant.Length} key ids start with '{idOrStart}'."),
        };
    }

    /// <summary>Puts new keys in place of some of a role's; the threshold stays.</summary>
    /// <exception cref="RotationException">A new key is listed already, or too few would be left.</exception>
    public static RoleAssignments Replace(RoleAssignments layout, string role, IReadOnlyCollection<string> gone, IReadOnlyList<VerificationKey> added)
    {
        KeyGroup group = layout[role];
        if (added.FirstOrDefault(key => group.Keys.Any(present => present.Identity == key.Identity)) is { } twice)
        {
            throw new RotationException(RotationFault.AlreadyListed, $"The role {role} lists the key {twice.Id} already.");
        }

        KeyGroup next = group with { Keys = [.. group.Keys.Where(key => !gone.Contains(key.Id)), .. added.DistinctBy(key => key.Identity)] };
        return next.Keys.Count >= next.Threshold
            ? layout.With(role, next)
            : throw new RotationException(
                RotationFault.BelowThreshold,
                $"{next.Threshold} keys must sign for {role}, and {next.Keys.Count} would be left. Give a replacement by --public-key, "
                + $"or let 'relay keys rotate {role}' make one.");
    }

    /// <summary>Takes a key out of every role, and puts another one where it stood.</summary>
    /// <exception cref="RotationException">Too few keys would be left, or the replacement is listed already.</exception>
    public static RoleAssignments Drop(RoleAssignments layout, string keyId, VerificationKey? replacement) => RoleAssignments.RoleOrder
        .Where(role => layout[role].Has(keyId))
        .Aggregate(layout, (changed, role) => Replace(changed, role, [keyId], replacement is null ? [] : [replacement]));
}
