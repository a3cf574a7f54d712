using Relay.Server.Hosting.Inventory;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Contracts.Tuf;

namespace Relay.Server.Backups;

/// <summary>Compares what a data folder names with the files that it has: a folder that has lost one of them is neither backed up nor restored, since
/// a backup with a gap looks as whole as another one.</summary>
internal static class WholeFolder
{
    /// <param name="data">No relay changes it meanwhile.</param>
    /// <param name="sums">Of its files.</param>
    /// <returns>The first file or part that is lost; null when it is whole.</returns>
    /// <exception cref="InvalidDataException">The repository does not verify.</exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read.</exception>
    public static string? FindLoss(DataFolder data, FileSums sums, DateTimeOffset now)
    {
        if (new ManifestStore(data).Read() is not { } manifest)
        {
            return $"it has no {DataFolder.ManifestName}";
        }

        // Where the operator gives a certificate, the authority's key may be gone.
        IReadOnlyList<LostPart> lost = LossFinder.Find(manifest, FolderInventory.Read(data, now), usesOwnAuthority: false, hasCeremonyKeys: false);
        if (lost.Count > 0)
        {
            return lost[0].Finding;
        }

        RepositoryFiles repository = new(data.Repository, new());
        RepositorySnapshot snapshot = RepositorySnapshot.Read(repository, now)!;
        return FindRoot(repository.NewestRoot(), sums)
            ?? snapshot.Targets.Files.Values.Concat(snapshot.ChannelTargets.Files.Values)
                .Select(file => FindTarget(file, sums)).FirstOrDefault(loss => loss is not null)
            ?? DatabaseContents.ReadArtifacts(data).Except(manifest.AbandonedArtifacts, StringComparer.Ordinal)
                .Select(sha256 => Find($"artifacts/{sha256}", sha256, sums)).FirstOrDefault(loss => loss is not null);
    }

    // Nodes follow from the root that they have, one by one.
    private static string? FindRoot(long newest, FileSums sums)
    {
        for (long version = 1; version <= newest; version++)
        {
            string name = $"repository/{RepositoryFiles.MetadataFolder}/{MetadataPaths.Versioned(RoleNames.Root, version)}";
            if (sums.Find(name) is null)
            {
                return $"'{name}' is missing";
            }
        }

        return null;
    }

    private static string? FindTarget(TargetFile file, FileSums sums) => file.ConsistentPaths
        .Select(path => Find($"repository/{RepositoryFiles.TargetsFolder}/{path}", file.Sha256, sums)).FirstOrDefault(loss => loss is not null);

    private static string? Find(string name, string? sha256, FileSums sums) => sums.Find(name) switch
    {
        null => $"'{name}' is missing",
        { } found when sha256 is not null && found != sha256 => $"'{name}' is damaged",
        _ => null,
    };
}
