namespace Shared.Contracts.Tuf;

public sealed partial class TrustedMetadata
{
    /// <summary>Takes the top-level targets (5.6), stored or fetched alike.</summary>
    public Refusal? UpdateTargets(ReadOnlyMemory<byte> file) =>
        UpdateTargetsRole(file, RoleNames.Targets, RoleNames.Root, Root.Roles[RoleNames.Targets], Root.Keys);

    /// <summary>Takes a delegated role (5.6.7), verified with the keys that this parent gives it.</summary>
    public Refusal? UpdateDelegated(ReadOnlyMemory<byte> file, string role, string parent)
    {
        TargetsMetadata? delegator = Held(parent);
        Require(delegator is not null, $"'{parent}' comes before the roles that it delegates to");
        DelegatedRole? delegated = delegator!.Delegations?.Roles.FirstOrDefault(candidate => candidate.Name == role);
        Require(delegated is not null, $"'{parent}' does not delegate to '{role}'");
        return UpdateTargetsRole(file, role, parent, delegated!.Keys, delegator.Delegations!.Keys);
    }

    /// <summary>Opens targets metadata that were current once, to search in them what they listed. The keys that the root gives the role must have
    /// signed them; their version and expiry do not count.</summary>
    internal static Result<TrustedMetadata> OpenEarlierTargets(ReadOnlyMemory<byte> trustedRoot, ReadOnlyMemory<byte> file, DateTimeOffset at)
    {
        Result<TrustedMetadata> trusted = Create(trustedRoot, at, ExpiryRule.ReportedOnly);
        if (!trusted.IsAccepted)
        {
            return trusted;
        }

        RootMetadata root = trusted.Value.Root;
        Refusal? refusal = MetadataReader.Read(
                file, RoleNames.Targets, RoleNames.Targets, MetadataReader.Targets, out SignedEnvelope envelope, out TargetsMetadata targets)
            ?? root.Roles[RoleNames.Targets].Check(envelope, root.Keys, RoleNames.Targets);
        if (refusal is not null)
        {
            return refusal;
        }

        trusted.Value._targets[RoleNames.Targets] = (RoleNames.Root, targets);
        return trusted;
    }

    private Refusal? UpdateTargetsRole(
        ReadOnlyMemory<byte> file, string role, string parent, RoleKeys roleKeys, IReadOnlyDictionary<string, VerificationKey> keys)
    {
        Require(_snapshotAccepted, "targets come after snapshot");
        if (!Snapshot!.Files.TryGetValue(MetadataPaths.Listed(role), out MetadataFile? listed))
        {
            return new(RefusalReason.MetadataMissing, role, "the snapshot does not list it");
        }

        // 5.6.2
        if (listed.Check(file.Span, role) is { } mismatch)
        {
            return mismatch;
        }

        Refusal? refusal = MetadataReader.Read(
                file, role, RoleNames.Targets, MetadataReader.Targets, out SignedEnvelope envelope, out TargetsMetadata targets)
            // 5.6.3
            ?? roleKeys.Check(envelope, keys, role)
            // 5.6.4, 5.6.5
            ?? CheckVersionAndExpiry(targets, listed, role);
        if (refusal is null)
        {
            _targets[role] = (parent, targets);
        }

        return refusal;
    }
}
