using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Rotation;

/// <content>Files that come back from people with signatures, or from other tools.</content>
internal sealed partial class RootRotation
{
    /// <summary>Takes a root that others have made or signed, or the targets that wait with it.</summary>
    /// <returns>False when it has no signature that counts and is new.</returns>
    /// <exception cref="RotationException">It is not what can come next.</exception>
    public bool Import(RepositorySnapshot state, byte[] file)
    {
        UntrustedMetadata read = Metadata(file);
        if (read.Type == RoleNames.Targets)
        {
            return ImportTargets(state, read);
        }

        if (read.Metadata is not RootMetadata root)
        {
            throw new RotationException(RotationFault.Refused, $"A root is imported, or the targets that wait with it; this is {read.Type}.");
        }

        if (staged.Root is { } waiting && Metadata(waiting) is var known && known.SignedBytes.Span.SequenceEqual(read.SignedBytes.Span))
        {
            byte[] merged = Merge(waiting, read, state.Layout.Root, LayoutOf(waiting, CurrentTargets()).Root);
            staged.ReplaceRoot(merged);
            return merged.Length > waiting.Length;
        }

        // Before the signatures, which for an older root are those of other keys: it is the number that tells what is wrong.
        long current = folder.HighestVersion(RoleNames.Root);
        if (root.Version <= current)
        {
            throw Refused(new(RefusalReason.MetadataRollback, RoleNames.Root, $"it is version {root.Version}, and {current} is current"));
        }

        if (Refuse(file) is { } refusal)
        {
            throw Refused(refusal);
        }

        if (!root.ConsistentSnapshot)
        {
            throw new RotationException(RotationFault.Refused, "The root is not for consistent snapshots, which this relay publishes.");
        }

        RoleAssignments next = LayoutOf(file, CurrentTargets());
        RequireOnlineKeys(next);
        staged.Put(file, NeedsTargets(next) ? NewTargets(state, next, clock.GetUtcNow()) : null);
        return true;
    }

    private bool ImportTargets(RepositorySnapshot state, UntrustedMetadata read)
    {
        if (staged.Targets is not { } waiting || !Metadata(waiting).SignedBytes.Span.SequenceEqual(read.SignedBytes.Span))
        {
            throw new RotationException(
                RotationFault.Refused, "These are not the targets that wait with the next root; copy them from the relay again.");
        }

        byte[] merged = Merge(waiting, read, Next!.Targets, state.Layout.Targets);
        staged.ReplaceTargets(merged);
        return merged.Length > waiting.Length;
    }

    // Only signatures that verify and are by keys that count are kept.
    private static byte[] Merge(byte[] waiting, UntrustedMetadata offered, params IReadOnlyList<KeyGroup> groups)
    {
        UntrustedMetadata before = Metadata(waiting);
        byte[] merged = waiting;
        foreach (string id in groups.SelectMany(group => group.SignersOf(offered).Except(group.SignersOf(before))).Distinct())
        {
            merged = MetadataWriter.WithSignature(merged, id, offered.SignatureUnder(id)!);
        }

        return merged;
    }

    private Refusal? Refuse(byte[] next)
    {
        if (next.Length > TrustBounds.RootBytes)
        {
            return new(RefusalReason.MetadataTooLarge, RoleNames.Root, $"{next.Length} bytes are more than {TrustBounds.RootBytes}");
        }

        Result<TrustedMetadata> trusted = TrustedMetadata.Create(RootFile(), clock.GetUtcNow());
        return trusted.Refusal
            ?? trusted.Value!.UpdateRoot(next)
            ?? (trusted.Value.Root.Expires > clock.GetUtcNow() ? null : new(RefusalReason.MetadataExpired, RoleNames.Root, "it has expired"));
    }
}
