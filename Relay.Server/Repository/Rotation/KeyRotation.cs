using System.Security.Cryptography;
using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Repository.Rotation;

/// <summary>Replaces and drops keys of the metadata roles, making the new ones in the key folder where the role's keys lie there.</summary>
internal sealed class KeyRotation(RotationService rotation, SigningKeys keys, DurableFiles files)
{
    private static readonly string[] OnlineRoles = [RoleNames.Channels, RoleNames.Snapshot, RoleNames.Timestamp];
    private readonly string _folder = keys.Folder ?? throw new ArgumentException("The keys have no folder.", nameof(keys));

    /// <summary>New keys in place of a role's: of all, or of one.</summary>
    /// <param name="replaced">The id of the one, or its start; null for all.</param>
    /// <param name="given">Public halves of keys made elsewhere; none: the relay makes them.</param>
    public async Task<Result<RotationOutcome, RotationRefusal>> RotateAsync(
        string role, string? replaced, IReadOnlyList<VerificationKey> given, CancellationToken cancellationToken) =>
        CheckRole(role) is { } refusal
            ? refusal
            : await rotation.RotateAsync(assignments => Rotate(assignments, role, replaced, given), cancellationToken);

    /// <summary>New keys in place of all of several roles, in one change: for a relay that has lost more than one key.</summary>
    public async Task<Result<RotationOutcome, RotationRefusal>> RotateAsync(IReadOnlyList<string> roles, CancellationToken cancellationToken) =>
        roles.Select(CheckRole).FirstOrDefault(refusal => refusal is not null) is { } refused
            ? refused
            : await rotation.RotateAsync(assignments => Rotate(assignments, roles), cancellationToken);

    /// <summary>Takes a key out of every role.</summary>
    /// <param name="keyId">Its id, or the start of it.</param>
    /// <param name="replacement">The public half of the key that takes its place; null for none.</param>
    public Task<Result<RotationOutcome, RotationRefusal>> RevokeAsync(
        string keyId, VerificationKey? replacement, CancellationToken cancellationToken) => rotation.RotateAsync(
        assignments =>
        {
            Result<string, RotationRefusal> revoked = RoleAssignmentChange.FindKey(assignments, keyId);
            return revoked.IsAccepted
                ? Record([revoked.Value], RoleAssignmentChange.Drop(assignments, revoked.Value, replacement))
                : revoked.Refusal;
        },
        cancellationToken);

    /// <summary>The same keys in a new root that is valid for another year.</summary>
    public Task<Result<RotationOutcome, RotationRefusal>> RenewRootAsync(CancellationToken cancellationToken) =>
        rotation.RotateAsync(assignments => assignments, cancellationToken);

    private Result<RoleAssignments, RotationRefusal> Rotate(
        RoleAssignments assignments, string role, string? replaced, IReadOnlyList<VerificationKey> given)
    {
        KeyGroup group = assignments[role];
        string[] old = [.. group.Keys.Select(key => key.Id)];
        if (replaced is not null)
        {
            Result<string, RotationRefusal> one = RoleAssignmentChange.FindKey(assignments, replaced);
            if (!one.IsAccepted)
            {
                return one.Refusal;
            }

            if (!group.Has(one.Value))
            {
                return new RotationRefusal(RotationRefusalReason.UnknownKey, $"The role {role} has no key {one.Value}.");
            }

            old = [one.Value];
        }

        return given.Count > 0 ? Record(old, RoleAssignmentChange.Replace(assignments, role, old, given))
            : CheckKeyCanBeMade(role, group) is { } refusal ? refusal
            : RoleAssignmentChange.Replace(assignments, role, old, Make(role, old));
    }

    private Result<RoleAssignments, RotationRefusal> Rotate(RoleAssignments assignments, IReadOnlyList<string> roles)
    {
        if (roles.Select(role => CheckKeyCanBeMade(role, assignments[role])).FirstOrDefault(refusal => refusal is not null) is { } refused)
        {
            return refused;
        }

        foreach (string role in roles.Distinct(StringComparer.Ordinal))
        {
            string[] old = [.. assignments[role].Keys.Select(key => key.Id)];
            Result<RoleAssignments, RotationRefusal> changed = RoleAssignmentChange.Replace(assignments, role, old, Make(role, old));
            if (!changed.IsAccepted)
            {
                return changed;
            }

            assignments = changed.Value;
        }

        return assignments;
    }

    private static RotationRefusal? CheckRole(string role) => RoleAssignments.RoleOrder.Contains(role) ? null : new(
        RotationRefusalReason.UnknownRole, $"'{role}' is no role: {string.Join(", ", RoleAssignments.RoleOrder)}, cms-signer and cms-root are.");

    private RotationRefusal? CheckKeyCanBeMade(string role, KeyGroup group) =>
        keys.HeldFor(group).Any(key => key.IsCommand) ? new(
            RotationRefusalReason.PublicKeyNeeded,
            $"A command signs for {role}, and a key that is made here would be a file: make the next one where this one is, and give its public half "
            + "by --public-key. Where the HSM is lost, delete its signer file from the key folder first.")
        : OnlineRoles.Contains(role) || keys.HeldFor(group).Count > 0 ? null : new(
            RotationRefusalReason.PublicKeyNeeded,
            $"The keys of {role} are offline, and so must the new one be: make it where it will stay, by 'relay keys create KEY.pem', "
            + "and give its public half by --public-key.");

    /// <summary>Writes the ids of replaced keys to the journal: their private halves are deleted once nothing lists them.</summary>
    private Result<RoleAssignments, RotationRefusal> Record(IEnumerable<string> replaced, Result<RoleAssignments, RotationRefusal> next)
    {
        if (next.IsAccepted)
        {
            new KeyRotationJournal(_folder, files).Add(replaced);
        }

        return next;
    }

    private List<VerificationKey> Make(string role, string[] replaced)
    {
        List<VerificationKey> made = [];
        List<ECDsa> fresh = [.. replaced.Select(_ => ECDsa.Create(ECCurve.NamedCurves.nistP256))];
        try
        {
            made.AddRange(fresh.Select(key => VerificationKey.FromEcdsa(key.ExportSubjectPublicKeyInfoPem())));

            // First the ids: a key that a crash leaves behind before any metadata lists it is deleted at the next start.
            new KeyRotationJournal(_folder, files).Add([.. replaced, .. made.Select(key => key.Id)]);
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
