using Shared.Contracts;
using Shared.Contracts.Tuf;
using Sync.Client.Storage;

namespace Sync.Client.Trust;

/// <summary>The metadata of the last whole update on disk, for a start without a relay. Signatures, versions and digests are
/// verified again. Expiry is no refusal here, because the active release stays in service.</summary>
internal sealed class StoredTrust(NodeStore store, RootChain roots, TrustDocuments documents, TimeProvider timeProvider)
{
    private StoredMetadata? _saved;

    public async Task<Result<NodeTrust>> LoadAsync(CancellationToken cancellationToken)
    {
        if (store.ReadWholeMetadata() is not { } stored)
        {
            return new Refusal(RefusalReason.MetadataMissing, "store", "it holds no whole set of metadata");
        }

        Result<TrustedMetadata> trusted = TrustedMetadata.Create(roots.Newest, timeProvider.GetUtcNow(), ExpiryRule.ReportedOnly);
        Refusal? refusal = trusted.IsAccepted ? Take(trusted.Value, stored) : trusted.Refusal;
        return refusal is not null ? refusal : await documents.ReadAsync(trusted.Value!, new TargetReader(store, sources: null), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stores the set that the store's metadata folder holds, after all of it was accepted.</summary>
    public void Save(TrustedMetadata trusted)
    {
        List<StoredRole> roles = [Role(RoleNames.Targets, RoleNames.Root)];
        roles.AddRange((trusted.Targets!.Delegations?.Roles ?? [])
            .Where(r => trusted.Held(r.Name) is not null)
            .Select(r => Role(r.Name, RoleNames.Targets)));
        StoredMetadata whole = new(File(RoleNames.Timestamp), File(RoleNames.Snapshot), roles);
        if (_saved is null || !_saved.Timestamp.AsSpan().SequenceEqual(whole.Timestamp))
        {
            store.WriteWholeMetadata(whole);
            _saved = whole;
        }
    }

    private static Refusal? Take(TrustedMetadata trusted, StoredMetadata stored)
    {
        Refusal? refusal = trusted.UpdateTimestamp(stored.Timestamp) ?? trusted.UpdateSnapshot(stored.Snapshot);
        foreach (StoredRole role in stored.Roles)
        {
            refusal ??= (role.Parent, role.Name) switch
            {
                (RoleNames.Root, _) => trusted.UpdateTargets(role.File),
                _ when Delegates(trusted, role) => trusted.UpdateDelegated(role.File, role.Name, role.Parent),
                _ => new Refusal(RefusalReason.MetadataMissing, role.Name, $"role '{role.Parent}' does not delegate to it"),
            };
        }

        return refusal ?? (trusted.Targets is null ? new(RefusalReason.MetadataMissing, RoleNames.Targets, "not in the store") : null);
    }

    private static bool Delegates(TrustedMetadata trusted, StoredRole role) =>
        trusted.Held(role.Parent)?.Delegations?.Roles.Any(r => r.Name == role.Name) == true;

    private StoredRole Role(string name, string parent) => new(name, parent, File(name));

    private byte[] File(string role) =>
        store.ReadMetadata(MetadataPaths.Unversioned(role), TrustBounds.TargetsBytes)
        ?? throw new IOException($"the store lost its '{role}' metadata");
}
