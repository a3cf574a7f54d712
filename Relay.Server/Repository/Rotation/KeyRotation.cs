using System.Security.Cryptography;
using Relay.Server.Keys;
using Relay.Server.Storage;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Rotation;

/// <summary>Replaces and drops keys of the metadata roles, making the new ones in the key folder where the role's keys lie there.</summary>
internal sealed class KeyRotation(RepositoryPublisher publisher, SigningKeys keys, DurableFiles files)
{
    private static readonly string[] Online = [RoleNames.Channels, RoleNames.Snapshot, RoleNames.Timestamp];
    private readonly string _folder = keys.Folder ?? throw new ArgumentException("The keys have no folder.", nameof(keys));

    /// <summary>New keys in place of a role's: of all, or of one.</summary>
    /// <param name="replaced">The id of the one, or its start; null for all.</param>
    /// <param name="given">Public halves of keys made elsewhere; none: the relay makes them.</param>
    /// <exception cref="RotationException">The change cannot be made; nothing was changed.</exception>
    public Task<RotationOutcome> RotateAsync(
        string role, string? replaced, IReadOnlyList<VerificationKey> given, CancellationToken cancellationToken)
    {
        RequireRole(role);
        return publisher.RotateAsync(
            layout =>
            {
                KeyGroup group = layout[role];
                string[] gone = replaced is null ? [.. group.Keys.Select(key => key.Id)] : [RoleAssignmentChange.Find(layout, replaced)];
                if (!gone.All(group.Has))
                {
                    throw new RotationException(RotationFault.UnknownKey, $"The role {role} has no key {gone[0]}.");
                }

                return given.Count == 0
                    ? RoleAssignmentChange.Replace(layout, role, gone, Make(role, group, gone))
                    : Leaving(gone, RoleAssignmentChange.Replace(layout, role, gone, given));
            },
            cancellationToken);
    }

    /// <summary>New keys in place of all of several roles, in one change: the way out when the relay has lost more than one.</summary>
    /// <exception cref="RotationException">The change cannot be made; nothing was changed.</exception>
    public Task<RotationOutcome> RotateAsync(IReadOnlyList<string> roles, CancellationToken cancellationToken)
    {
        foreach (string role in roles)
        {
            RequireRole(role);
        }

        return publisher.RotateAsync(
            layout =>
            {
                foreach (string role in roles)
                {
                    RequireMakeable(role, layout[role]);
                }

                return roles.Distinct(StringComparer.Ordinal).Aggregate(layout, (changed, role) =>
                {
                    KeyGroup group = changed[role];
                    string[] gone = [.. group.Keys.Select(key => key.Id)];
                    return RoleAssignmentChange.Replace(changed, role, gone, Make(role, group, gone));
                });
            },
            cancellationToken);
    }

    /// <summary>Takes a key out of every role.</summary>
    /// <param name="keyId">Its id, or the start of it.</param>
    /// <param name="replacement">The public half of the key that takes its place; null for none.</param>
    /// <exception cref="RotationException">The change cannot be made; nothing was changed.</exception>
    public Task<RotationOutcome> RevokeAsync(string keyId, VerificationKey? replacement, CancellationToken cancellationToken) =>
        publisher.RotateAsync(
            layout =>
            {
                string gone = RoleAssignmentChange.Find(layout, keyId);
                return Leaving([gone], RoleAssignmentChange.Drop(layout, gone, replacement));
            },
            cancellationToken);

    /// <summary>The same keys in a new root that is valid for another year.</summary>
    public Task<RotationOutcome> RenewRootAsync(CancellationToken cancellationToken) =>
        publisher.RotateAsync(layout => layout, cancellationToken);

    private static void RequireRole(string role)
    {
        if (!RoleAssignments.RoleOrder.Contains(role))
        {
            throw new RotationException(
                RotationFault.UnknownRole, $"'{role}' is no role: {string.Join(", ", RoleAssignments.RoleOrder)}, cms-signer and cms-root are.");
        }
    }

    private void RequireMakeable(string role, KeyGroup group)
    {
        if (!Online.Contains(role) && keys.In(group).Count == 0)
        {
            throw new RotationException(
                RotationFault.PublicKeyNeeded,
                $"The keys of {role} are offline, and so must the new one be: make it where it will stay, by 'relay keys create KEY.pem', "
                + "and give its public half by --public-key.");
        }
    }

    private RoleAssignments Leaving(IEnumerable<string> gone, RoleAssignments next)
    {
        new KeyRotationJournal(_folder, files).Add(gone);
        return next;
    }

    private List<VerificationKey> Make(string role, KeyGroup group, string[] gone)
    {
        RequireMakeable(role, group);
        List<VerificationKey> made = [];
        List<ECDsa> fresh = [.. gone.Select(_ => ECDsa.Create(ECCurve.NamedCurves.nistP256))];
        try
        {
            made.AddRange(fresh.Select(key => VerificationKey.FromEcdsa(key.ExportSubjectPublicKeyInfoPem())));

            // First the ids: a key that a crash leaves behind before anything names it is deleted at the next start.
            new KeyRotationJournal(_folder, files).Add([.. gone, .. made.Select(key => key.Id)]);
            foreach (ECDsa key in fresh)
            {
                KeyFolder.Add(_folder, role, key, files);
            }
        }
        finally
        {
            fresh.ForEach(key => key.Dispose());
        }

        return made;
    }
}
