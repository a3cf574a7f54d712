using Shared.Contracts;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Sync.Client.Storage;

namespace Sync.Client.Trust;

/// <summary>Signed targets metadata of earlier, kept for the releases in the store that newer ones list no more: relays take old releases out,
/// and the node can still verify what it runs when it starts again. What is forbidden is said by the policy, and not by a missing entry.</summary>
internal sealed class EarlierTargets(NodeStore store, RootChain roots, TimeProvider timeProvider)
{
    /// <summary>Keeps targets before newer ones replace them, as long as a release in the store needs them.</summary>
    /// <param name="replaced">The file of the targets that were current; null where the store has none.</param>
    public void Keep(byte[]? replaced, TargetsMetadata next)
    {
        if (store.ReadActive() is not { } active)
        {
            return;
        }

        IReadOnlyList<KeptTargets> present = store.ReadEarlierTargets();
        KeptTargets[] needed =
        [
            .. new[] { active.Current, active.Previous }.OfType<StoredRelease>()
                .Select(release => release.Number)
                .Where(release => !next.Files.ContainsKey(TargetPaths.Release(release)))
                .Select(release => present.FirstOrDefault(kept => kept.Release == release) ?? Take(replaced, release))
                .OfType<KeptTargets>(),
        ];
        if (!present.Select(kept => kept.Release).SequenceEqual(needed.Select(kept => kept.Release)))
        {
            store.WriteEarlierTargets(needed);
        }
    }

    /// <summary>The metadata that listed a release; null where none are kept, or the keys of the present root did not sign them.</summary>
    public TrustedMetadata? Find(int release) =>
        store.ReadEarlierTargets().FirstOrDefault(kept => kept.Release == release) is { } found
        && roots.ReadNewest() is { IsAccepted: true } root
            ? TrustedMetadata.OpenEarlierTargets(root.Value, found.File, timeProvider.GetUtcNow()).Value
            : null;

    private static KeptTargets? Take(byte[]? file, int release) =>
        file is not null && UntrustedMetadata.Read(file).Value?.Metadata is TargetsMetadata targets
        && targets.Files.ContainsKey(TargetPaths.Release(release))
            ? new(release, file)
            : null;
}
