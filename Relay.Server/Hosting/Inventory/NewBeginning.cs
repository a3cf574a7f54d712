using Relay.Server.Keys;
using Relay.Server.Storage;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Hosting.Inventory;

/// <summary>The way on that <c>--start-anew</c> takes: what is left of a lost part is set aside, and nothing is deleted.</summary>
internal sealed class NewBeginning(DataFolder folder, DurableFiles files)
{
    /// <summary>More versions than a relay signs between two starts: an hourly timestamp takes a century for them.</summary>
    private const long VersionMargin = 1_000_000;

    private static readonly DateTimeOffset VersionEpoch = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

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

        if (replaced.Contains(RelayPart.Database) && folder.Server is not null && RelayDatabase.Inspect(folder) is not null)
        {
            throw new RelayStartException(
                "The relay cannot begin anew in a PostgreSQL database that has the tables of a relay "
                + $"({lost.First(part => part.Part == RelayPart.Database).Finding}): create an empty one, and name it by --database.");
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

    /// <summary>The lowest version that a repository may give after a loss or a restore, to each role but root; else 0.</summary>
    public static long LowestVersion(RelayManifest? manifest, IReadOnlyList<LostPart> lost, DateTimeOffset now) =>
        manifest is null || lost.Any(part => part.Part == RelayPart.Keys) ? 0
            : manifest.Restored || lost.Any(part => part.Part == RelayPart.Repository) ? Math.Max(manifest.LowestVersion, AboveAll(manifest, now))
            : manifest.LowestVersion;

    // Seconds grow faster than a relay signs: two restores of one backup give different numbers, and the later one the higher. A fixed distance
    // would give the same ones twice, with other bytes.
    private static long AboveAll(RelayManifest manifest, DateTimeOffset now)
    {
        long highest = manifest.Versions.Where(entry => entry.Key != RoleNames.Root).Select(entry => entry.Value).DefaultIfEmpty().Max();
        long seconds = (long)(now - VersionEpoch).TotalSeconds;
        return seconds > highest ? seconds : highest + VersionMargin;
    }

    private bool CanSignFirstRoot() =>
        File.Exists(Path.Combine(folder.Keys, MetadataPaths.Versioned(RoleNames.Root, 1)))
        || Directory.EnumerateFiles(folder.Keys, $"{RoleNames.Root}-*.pem").Count() >= RoleAssignments.DefaultRootThreshold;
}
