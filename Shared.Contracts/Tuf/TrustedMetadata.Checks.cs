namespace Shared.Contracts.Tuf;

public sealed partial class TrustedMetadata
{
    private Refusal? ReadTimestamp(ReadOnlyMemory<byte> file, out TimestampMetadata timestamp) =>
        MetadataReader.Read(
            file, RoleNames.Timestamp, RoleNames.Timestamp, MetadataReader.Timestamp, out SignedEnvelope envelope, out timestamp)
        ?? Root.Roles[RoleNames.Timestamp].Check(envelope, Root.Keys, RoleNames.Timestamp);

    private Refusal? ReadSnapshot(ReadOnlyMemory<byte> file, out SnapshotMetadata snapshot) =>
        MetadataReader.Read(
            file, RoleNames.Snapshot, RoleNames.Snapshot, MetadataReader.Snapshot, out SignedEnvelope envelope, out snapshot)
        ?? Root.Roles[RoleNames.Snapshot].Check(envelope, Root.Keys, RoleNames.Snapshot);

    private Refusal? CheckVersionAndExpiry(RoleMetadata metadata, MetadataFile listed, string role) =>
        metadata.Version == listed.Version
            ? CheckFresh(metadata, role)
            : new(RefusalReason.MetadataVersionMismatch, role, $"version {metadata.Version} where {listed.Version} is listed");

    private static Refusal? CheckRollback(TimestampMetadata trusted, TimestampMetadata next) =>
        next.Version < trusted.Version
            ? Rollback(RoleNames.Timestamp, trusted.Version, next.Version)
            : next.Version > trusted.Version && next.Snapshot.Version < trusted.Snapshot.Version
                ? Rollback(RoleNames.Snapshot, trusted.Snapshot.Version, next.Snapshot.Version)
                : null;

    private static Refusal? CheckRollback(SnapshotMetadata trusted, SnapshotMetadata next)
    {
        // Needed where the stored timestamp was lost, and with it the version that it listed.
        if (next.Version < trusted.Version)
        {
            return Rollback(RoleNames.Snapshot, trusted.Version, next.Version);
        }

        foreach ((string name, MetadataFile file) in trusted.Files)
        {
            if (!next.Files.TryGetValue(name, out MetadataFile? successor))
            {
                return new(RefusalReason.MetadataRollback, RoleNames.Snapshot, $"'{name}' is no longer listed");
            }

            if (successor.Version < file.Version)
            {
                return Rollback(name, file.Version, successor.Version);
            }
        }

        return null;
    }

    private static Refusal Rollback(string subject, long trusted, long offered) =>
        new(RefusalReason.MetadataRollback, subject, $"version {offered} after {trusted}");

    private Refusal WrongRootVersion(long offered) => offered <= Root.Version
        ? Rollback(RoleNames.Root, Root.Version, offered)
        : new(RefusalReason.MetadataVersionMismatch, RoleNames.Root, $"version {offered} after {Root.Version}");

    private Refusal? CheckFresh(RoleMetadata metadata, string role) => _expiry == ExpiryRule.Enforced && Expired(metadata)
        ? new(RefusalReason.MetadataExpired, role, $"expired at {metadata.Expires:u}, and it is {ReferenceTime:u}")
        : null;

    // The expiry must be later than the reference time, so metadata that expires at that very time has expired.
    private bool Expired(RoleMetadata metadata) => metadata.Expires <= ReferenceTime;

    private Refusal? RefuseAfterRecovery(string role) => RecoversFromFastForward
        ? new(RefusalReason.MetadataSignature, role, "the keys of timestamp or snapshot were withdrawn")
        : null;

    private bool Withdraws(RootMetadata next, string role)
    {
        HashSet<string> kept = [.. Identities(next, role)];
        return Identities(Root, role).Any(identity => !kept.Contains(identity));
    }

    private static IEnumerable<string> Identities(RootMetadata root, string role) =>
        root.Roles[role].KeyIds.Where(root.Keys.ContainsKey).Select(id => root.Keys[id].Identity);

    private static void Require(bool condition, string order)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"Wrong order: {order}.");
        }
    }
}
