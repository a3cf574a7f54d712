using System.Security.Cryptography;
using Shared.Contracts;
using Shared.Contracts.Tuf;
using Sync.Client.Storage;

namespace Sync.Client.Trust;

/// <summary>The metadata of the last whole update on disk, for a start without a relay. Signatures, versions and digests are
/// verified again. Expiry is no refusal here, because the active release stays in service.</summary>
internal sealed class StoredTrust(
    NodeStore store, RootChain roots, TrustDocuments documents, EarlierTargets earlier, TimeProvider timeProvider)
{
    private StoredMetadata? _saved;
    private TrustedMetadata? _savedFor;

    /// <summary>SHA-256 of the timestamp of the set that was saved last.</summary>
    public string TimestampSha256 { get; private set; } = "";

    public async Task<Result<NodeTrust>> LoadAsync(CancellationToken cancellationToken)
    {
        if (store.ReadWholeMetadata() is not { } stored)
        {
            return new Refusal(RefusalReason.MetadataMissing, "store", "no update has filled it yet");
        }

        Result<byte[]> root = roots.ReadNewest();
        if (!root.IsAccepted)
        {
            return root.Refusal;
        }

        Result<TrustedMetadata> trusted = TrustedMetadata.Create(root.Value, timeProvider.GetUtcNow(), ExpiryRule.ReportedOnly);
        if ((trusted.IsAccepted ? Take(trusted.Value, stored) : trusted.Refusal) is { } refusal)
        {
            return refusal;
        }

        Result<NodeTrust> read =
            await documents.ReadAsync(trusted.Value!, new TargetReader(store, sources: null), cancellationToken).ConfigureAwait(false);
        return read.IsAccepted ? read.Value with { TimestampSha256 = Digest(stored.Timestamp) } : read;
    }

    /// <summary>Stores the set that the store's metadata folder holds, after all of it was accepted, and again what the store lost of it.</summary>
    /// <returns>False where a part of the set is gone: a whole refresh brings it back.</returns>
    public bool Save(TrustedMetadata trusted)
    {
        if (!ReferenceEquals(_savedFor, trusted))
        {
            if (ReadSet(trusted) is not { } whole)
            {
                return false;
            }

            if (_saved is null || !_saved.Timestamp.AsSpan().SequenceEqual(whole.Timestamp))
            {
                // First: without them, a start after a crash in between could not verify the active release.
                earlier.Keep(TargetsOf(_saved ?? store.ReadWholeMetadata()), trusted.Targets!);
                store.WriteWholeMetadata(whole);
            }

            (_saved, _savedFor, TimestampSha256) = (whole, trusted, Digest(whole.Timestamp));
        }

        WriteMissing(_saved!);
        return true;
    }

    private StoredMetadata? ReadSet(TrustedMetadata trusted)
    {
        List<StoredRole> roles = [];
        IEnumerable<string> delegated = (trusted.Targets!.Delegations?.Roles ?? []).Select(r => r.Name).Where(r => trusted.Held(r) is not null);
        foreach (string role in delegated.Prepend(RoleNames.Targets))
        {
            if (File(role) is not { } file)
            {
                return null;
            }

            roles.Add(new StoredRole(role, role == RoleNames.Targets ? RoleNames.Root : RoleNames.Targets, file));
        }

        return File(RoleNames.Timestamp) is { } timestamp && File(RoleNames.Snapshot) is { } snapshot ? new(timestamp, snapshot, roles) : null;
    }

    private void WriteMissing(StoredMetadata saved)
    {
        roots.WriteMissing();
        if (!store.HasMetadata(MetadataPaths.Unversioned(RoleNames.Timestamp)))
        {
            store.WriteBindingMetadata(MetadataPaths.Unversioned(RoleNames.Timestamp), saved.Timestamp);
        }

        if (!store.HasMetadata(MetadataPaths.Unversioned(RoleNames.Snapshot)))
        {
            store.WriteBindingMetadata(MetadataPaths.Unversioned(RoleNames.Snapshot), saved.Snapshot);
        }

        foreach (StoredRole role in saved.Roles.Where(r => !store.HasMetadata(MetadataPaths.Unversioned(r.Name))))
        {
            store.WriteListedMetadata(MetadataPaths.Unversioned(role.Name), role.File);
        }

        if (!store.HasWholeMetadata)
        {
            store.WriteWholeMetadata(saved);
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

    private static byte[]? TargetsOf(StoredMetadata? set) => set?.Roles.FirstOrDefault(role => role.Name == RoleNames.Targets)?.File;

    private static string Digest(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));

    private byte[]? File(string role) => store.ReadMetadata(MetadataPaths.Unversioned(role), TrustBounds.TargetsBytes);
}
