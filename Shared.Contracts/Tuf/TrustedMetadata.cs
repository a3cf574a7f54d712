namespace Shared.Contracts.Tuf;

/// <summary>What happens to metadata that has expired.</summary>
public enum ExpiryRule
{
    /// <summary>For an update: metadata that has expired is refused.</summary>
    Enforced,

    /// <summary>For metadata that was accepted before, to keep serving the active release: <see cref="TrustedMetadata.IsStale"/> reports
    /// it.</summary>
    ReportedOnly,
}

/// <summary>
/// The client workflow of the TUF specification 1.0.34 (section 5), without I/O: it takes the bytes of files and accepts or refuses them,
/// at one fixed time (5.1). Numbers in comments are clauses of the specification. The caller fetches and stores files, in this order:
/// <list type="number">
/// <item><see cref="Create"/> with the trusted root; <see cref="UpdateRoot"/> with <see cref="NextRoot"/> until that file is missing;</item>
/// <item><see cref="LoadTimestamp"/> with the stored copy, if any; <see cref="UpdateTimestamp"/>;</item>
/// <item><see cref="LoadSnapshot"/> with the stored copy, if any; <see cref="UpdateSnapshot"/> unless <see cref="SnapshotIsCurrent"/>;</item>
/// <item><see cref="UpdateTargets"/>, with the stored copy first and the fetched one if that is refused;</item>
/// <item><see cref="Find"/>, and <see cref="UpdateDelegated"/> for each role that it needs, in the same way.</item>
/// </list>
/// A call in another order is a bug and throws <see cref="InvalidOperationException"/>. A refusal leaves the state as it was.
/// Not safe for use by several threads at a time.
/// </summary>
public sealed partial class TrustedMetadata
{
    // Several roles may delegate to one role, each with its own keys: metadata accepted for one parent does not count for another.
    private readonly Dictionary<string, (string Parent, TargetsMetadata Metadata)> _targets = new(StringComparer.Ordinal);
    private readonly ExpiryRule _expiry;
    private int _rotations;
    private bool _timestampAccepted;
    private bool _snapshotAccepted;

    private TrustedMetadata(RootMetadata root, DateTimeOffset at, ExpiryRule expiry) =>
        (Root, ReferenceTime, _expiry) = (root, at, expiry);

    /// <summary>The time at which this update began; it stays the same during the update (5.1).</summary>
    public DateTimeOffset ReferenceTime { get; }

    public RootMetadata Root { get; private set; }

    public TimestampMetadata? Timestamp { get; private set; }

    public SnapshotMetadata? Snapshot { get; private set; }

    public TargetsMetadata? Targets => Held(RoleNames.Targets);

    /// <summary>
    /// True once a root has withdrawn a timestamp or snapshot key (5.3.11): the caller deletes both stored files, before it
    /// stores that root, so that a version number that an attacker raised with the old keys does not block later updates.
    /// </summary>
    public bool RecoversFromFastForward { get; private set; }

    /// <summary>True when any accepted metadata has expired at the reference time.</summary>
    public bool IsStale => Expired(Root) || Timestamp is { } timestamp && Expired(timestamp)
        || Snapshot is { } snapshot && Expired(snapshot) || _targets.Values.Any(held => Expired(held.Metadata));

    /// <summary>Starts from the root that was installed or stored last (5.2). It may have expired, but its own keys must have signed it.</summary>
    public static Result<TrustedMetadata> Create(
        ReadOnlyMemory<byte> trustedRoot, DateTimeOffset at, ExpiryRule expiry = ExpiryRule.Enforced)
    {
        Refusal? refusal = MetadataReader.Read(
                trustedRoot, RoleNames.Root, RoleNames.Root, MetadataReader.Root, out SignedEnvelope envelope, out RootMetadata root)
            ?? root.Roles[RoleNames.Root].Check(envelope, root.Keys, RoleNames.Root);
        return refusal is null ? new TrustedMetadata(root, at, expiry) : refusal;
    }

    /// <summary>Takes the next root version (5.3.4 to 5.3.9). Intermediate roots may have expired (5.3.6).</summary>
    public Refusal? UpdateRoot(ReadOnlyMemory<byte> file)
    {
        Require(Timestamp is null, "root comes before timestamp");
        if (_rotations >= TrustBounds.RootRotations)
        {
            return new(RefusalReason.TooManyRootRotations, RoleNames.Root, $"more than {TrustBounds.RootRotations} in one update");
        }

        Refusal? refusal = MetadataReader.Read(
                file, RoleNames.Root, RoleNames.Root, MetadataReader.Root, out SignedEnvelope envelope, out RootMetadata next)
            // 5.3.4: signed by a threshold of the trusted root's keys and of its own.
            ?? Root.Roles[RoleNames.Root].Check(envelope, Root.Keys, RoleNames.Root)
            ?? next.Roles[RoleNames.Root].Check(envelope, next.Keys, RoleNames.Root)
            // 5.3.5: exactly the next version.
            ?? (next.Version == Root.Version + 1 ? null : WrongRootVersion(next.Version));
        if (refusal is not null)
        {
            return refusal;
        }

        RecoversFromFastForward |= Withdraws(next, RoleNames.Timestamp) || Withdraws(next, RoleNames.Snapshot);
        Root = next;
        _rotations++;
        return null;
    }

    /// <summary>
    /// Takes the stored timestamp, so that the next one cannot be older (5.4.3). It may have expired. Refused when the keys have
    /// changed since (5.3.11); then the next timestamp is compared with nothing, as the clause demands.
    /// </summary>
    public Refusal? LoadTimestamp(ReadOnlyMemory<byte> stored)
    {
        Require(!_timestampAccepted, "a stored timestamp is loaded before an update");
        Refusal? refusal = ReadTimestamp(stored, out TimestampMetadata timestamp) ?? RefuseAfterRecovery(RoleNames.Timestamp);
        if (refusal is null)
        {
            Timestamp = timestamp;
        }

        return refusal;
    }

    /// <summary>
    /// Takes a fetched timestamp (5.4). One of the same version as the trusted one is accepted and changes nothing (5.4.3.1).
    /// </summary>
    public Refusal? UpdateTimestamp(ReadOnlyMemory<byte> file)
    {
        Require(Snapshot is null, "timestamp comes before snapshot");
        // 5.3.10: the final root must be fresh.
        if (CheckFresh(Root, RoleNames.Root) is { } stale)
        {
            return stale;
        }

        // 5.4.2
        Refusal? refusal = ReadTimestamp(file, out TimestampMetadata next);
        if (refusal is not null)
        {
            return refusal;
        }

        // 5.4.3.1 and 5.4.3.2
        TimestampMetadata accepted = Timestamp is { } held && held.Version == next.Version ? held : next;
        refusal = (Timestamp is { } trusted ? CheckRollback(trusted, next) : null)
            // 5.4.4
            ?? CheckFresh(accepted, RoleNames.Timestamp);
        if (refusal is null)
        {
            Timestamp = accepted;
            _timestampAccepted = true;
        }

        return refusal;
    }

    /// <summary>True when the accepted snapshot is the one that the timestamp lists and has not expired: no other one need be fetched.</summary>
    public bool SnapshotIsCurrent => _snapshotAccepted;

    /// <summary>
    /// Takes the stored snapshot, so that the version of no role can decrease (5.5.5). It may have expired or been replaced since;
    /// <see cref="SnapshotIsCurrent"/> tells whether it is still the listed one.
    /// </summary>
    public Refusal? LoadSnapshot(ReadOnlyMemory<byte> stored)
    {
        Require(_timestampAccepted, "snapshot comes after timestamp");
        Require(Snapshot is null, "a stored snapshot is loaded once and before an update");
        Refusal? refusal = ReadSnapshot(stored, out SnapshotMetadata snapshot) ?? RefuseAfterRecovery(RoleNames.Snapshot);
        if (refusal is null)
        {
            Snapshot = snapshot;
            MetadataFile listed = Timestamp!.Snapshot;
            _snapshotAccepted = listed.Check(stored.Span, RoleNames.Snapshot) is null
                && CheckVersionAndExpiry(snapshot, listed, RoleNames.Snapshot) is null;
        }

        return refusal;
    }

    /// <summary>Takes a fetched snapshot (5.5).</summary>
    public Refusal? UpdateSnapshot(ReadOnlyMemory<byte> file)
    {
        Require(_timestampAccepted, "snapshot comes after timestamp");
        Require(_targets.Count == 0, "snapshot comes before targets");
        MetadataFile listed = Timestamp!.Snapshot;
        // 5.5.2
        if (listed.Check(file.Span, RoleNames.Snapshot) is { } mismatch)
        {
            return mismatch;
        }

        // 5.5.3
        Refusal? refusal = ReadSnapshot(file, out SnapshotMetadata next);
        if (refusal is not null)
        {
            return refusal;
        }

        // 5.5.5, then 5.5.4 and 5.5.6
        refusal = (Snapshot is { } trusted ? CheckRollback(trusted, next) : null) ?? CheckVersionAndExpiry(next, listed, RoleNames.Snapshot);
        if (refusal is null)
        {
            Snapshot = next;
            _snapshotAccepted = true;
        }

        return refusal;
    }
}
