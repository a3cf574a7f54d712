using Relay.Server.Keys;
using Relay.Server.Storage;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Hosting.Inventory;

/// <summary>The way on that <c>--start-anew</c> takes: what is left of a lost part is set aside, and nothing is deleted.</summary>
internal sealed class NewBeginning(DataFolder folder, DurableFiles files)
{
    /// <summary>More versions than a relay signs between two starts: an hourly timestamp takes a century for them. Nodes that have seen
    /// the lost metadata accept what is numbered above them.</summary>
    public const long VersionMargin = 1_000_000;

    /// <exception cref="RelayStartException">The relay's keys do not suffice to begin anew; nothing was changed.</exception>
    public void Prepare(IReadOnlyList<LostPart> lost, bool hasCeremonyKeys, DateTimeOffset now)
    {
        HashSet<RelayPart> replaced = [.. lost.Where(part => part.Replace).Select(part => part.Part)];
        if (replaced.Contains(RelayPart.Repository) && !replaced.Contains(RelayPart.Keys) && !hasCeremonyKeys && !CanSignFirstRoot())
        {
            throw new RelayStartException(
                "The repository cannot begin anew: the root keys are offline. Restore the repository from a backup or a mirror; or copy "
                + $"the root keys into '{folder.Keys}' for this one start.");
        }

        SetAsideFolder aside = new(folder, files, now);
        if (replaced.Contains(RelayPart.Database))
        {
            string database = Path.GetFileName(folder.Database);
            aside.MoveFiles(folder.Root, database, database + "-wal", database + "-shm");

            // Without the database no request to forget reaches what they hold: beside the lost part it is seen.
            aside.MoveFolder(folder.Samples);
            files.CreateFolder(folder.Samples, DurableFiles.OwnerFolder);
        }

        if (replaced.Contains(RelayPart.Keys))
        {
            aside.MoveFolder(folder.Keys);
        }

        if (replaced.Contains(RelayPart.Keys) || replaced.Contains(RelayPart.Repository))
        {
            aside.MoveFolder(folder.Repository);
            aside.MoveFiles(folder.Trust, Path.GetFileName(folder.TrustedRoot));
        }

        if (replaced.Contains(RelayPart.Authority))
        {
            aside.MoveFiles(folder.Tls, Path.GetFileName(folder.AuthorityCertificate), Path.GetFileName(folder.ServerKey));
        }
    }

    /// <summary>The lowest versions that a repository may give after a loss or a restore, by role; else empty.</summary>
    public static IReadOnlyDictionary<string, long> LowestVersions(RelayManifest? manifest, IReadOnlyList<LostPart> lost) =>
        manifest is not null && (manifest.Restored || lost.Any(part => part.Part == RelayPart.Repository))
        && !lost.Any(part => part.Part == RelayPart.Keys)
            ? manifest.Versions.Where(entry => entry.Key != RoleNames.Root).ToDictionary(entry => entry.Key, entry => entry.Value + VersionMargin)
            : new Dictionary<string, long>();

    private bool CanSignFirstRoot() =>
        File.Exists(Path.Combine(folder.Keys, MetadataPaths.Versioned(RoleNames.Root, 1)))
        || Directory.EnumerateFiles(folder.Keys, $"{RoleNames.Root}-*.pem").Count() >= RoleAssignments.DefaultRootThreshold;
}
