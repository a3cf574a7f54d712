using Relay.Server.Keys;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Rotation;

/// <content>Files that come back from people with signatures, or from other tools.</content>
internal sealed partial class RootRotation
{
    /// <summary>Takes a root that others have made or signed, or the targets that wait with it.</summary>
    /// <returns>False when it has no signature that counts and is new; a refusal when it cannot come next.</returns>
    public (bool IsNew, RotationRefusal? Refusal) Import(RepositorySnapshot snapshot, byte[] file)
    {
        Result<UntrustedMetadata> parsed = UntrustedMetadata.Read(file);
        if (!parsed.IsAccepted)
        {
            return (false, RotationRefusal.FromCause(parsed.Refusal));
        }

        UntrustedMetadata read = parsed.Value;
        if (read.Type == RoleNames.Targets)
        {
            return ImportTargets(snapshot, read);
        }

        if (read.Metadata is not RootMetadata root)
        {
            return Refuse($"A root is imported, or the targets that wait with it; this is {read.Type}.");
        }

        if (staged.Root is { } waiting && Parse(waiting).SignedBytes.Span.SequenceEqual(read.SignedBytes.Span))
        {
            byte[] merged = Merge(waiting, read, snapshot.Assignments.Root, ReadAssignments(waiting, CurrentTargets()).Root);
            staged.ReplaceRoot(merged);
            return (merged.Length > waiting.Length, null);
        }

        // Before the signatures, which for an older root are those of other keys: the version tells what is wrong.
        long current = folder.NewestRoot();
        Refusal? cause = root.Version <= current
            ? new(RefusalReason.MetadataRollback, RoleNames.Root, $"it is version {root.Version}, and {current} is current")
            : CheckNext(file);
        if (cause is not null)
        {
            return (false, RotationRefusal.FromCause(cause));
        }

        if (!root.ConsistentSnapshot)
        {
            return Refuse("The root is not for consistent snapshots, which this relay publishes.");
        }

        RoleAssignments next = ReadAssignments(file, CurrentTargets());
        if (next.FindKeyError() is { } key)
        {
            return Refuse(key);
        }

        if (CheckOnlineKeys(next) is { } lacking)
        {
            return (false, lacking);
        }

        staged.Put(file, NeedsTargets(next) ? NewTargets(snapshot, next, timeProvider.GetUtcNow()) : null);
        return (true, null);
    }

    private (bool IsNew, RotationRefusal? Refusal) ImportTargets(RepositorySnapshot snapshot, UntrustedMetadata read)
    {
        if (staged.Targets is not { } waiting || !Parse(waiting).SignedBytes.Span.SequenceEqual(read.SignedBytes.Span))
        {
            return Refuse("These are not the targets that wait with the next root; copy them from the relay again.");
        }

        byte[] merged = Merge(waiting, read, Next!.Targets, snapshot.Assignments.Targets);
        staged.ReplaceTargets(merged);
        return (merged.Length > waiting.Length, null);
    }

    private static (bool IsNew, RotationRefusal? Refusal) Refuse(string detail) =>
        (false, new(RotationRefusalReason.Refused, detail));

    // Only signatures that verify and are by keys that count are kept.
    private static byte[] Merge(byte[] waiting, UntrustedMetadata offered, params IReadOnlyList<KeyGroup> groups)
    {
        UntrustedMetadata before = Parse(waiting);
        byte[] merged = waiting;
        foreach (string id in groups.SelectMany(group => group.SignersOf(offered).Except(group.SignersOf(before))).Distinct())
        {
            merged = MetadataWriter.WithSignature(merged, id, offered.SignatureUnder(id)!);
        }

        return merged;
    }

    private Refusal? CheckNext(byte[] next)
    {
        if (next.Length > TrustBounds.RootBytes)
        {
            return new(RefusalReason.MetadataTooLarge, RoleNames.Root, $"{next.Length} bytes are more than {TrustBounds.RootBytes}");
        }

        DateTimeOffset now = timeProvider.GetUtcNow();
        Result<TrustedMetadata> trusted = TrustedMetadata.Create(RootFile(), now);
        return trusted.Refusal
            ?? trusted.Value!.UpdateRoot(next)
            ?? (trusted.Value.Root.Expires > now ? null : new(RefusalReason.MetadataExpired, RoleNames.Root, "it has expired"));
    }
}
