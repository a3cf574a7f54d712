using System.Globalization;
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

        string aside = NewFolder(now);
        if (replaced.Contains(RelayPart.Database))
        {
            string database = Path.GetFileName(folder.Database);
            MoveFiles(aside, folder.Root, database, database + "-wal", database + "-shm");
        }

        if (replaced.Contains(RelayPart.Keys))
        {
            MoveFolder(aside, folder.Keys);
        }

        if (replaced.Contains(RelayPart.Keys) || replaced.Contains(RelayPart.Repository))
        {
            MoveFolder(aside, folder.Repository);
            MoveFiles(aside, folder.Trust, Path.GetFileName(folder.TrustedRoot));
        }

        if (replaced.Contains(RelayPart.Authority))
        {
            MoveFiles(aside, folder.Tls, Path.GetFileName(folder.AuthorityCertificate), Path.GetFileName(folder.ServerKey));
        }
    }

    /// <summary>The lowest versions that a repository may give after a loss, by role; empty where nothing of the repository is lost.</summary>
    public static IReadOnlyDictionary<string, long> LowestVersions(RelayManifest? manifest, IReadOnlyList<LostPart> lost) =>
        manifest is not null && lost.Any(part => part.Part == RelayPart.Repository) && !lost.Any(part => part.Part == RelayPart.Keys)
            ? manifest.Versions.Where(entry => entry.Key != RoleNames.Root).ToDictionary(entry => entry.Key, entry => entry.Value + VersionMargin)
            : new Dictionary<string, long>();

    private string NewFolder(DateTimeOffset now)
    {
        string name = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return Enumerable.Range(1, int.MaxValue)
            .Select(number => Path.Combine(folder.SetAside, number == 1 ? name : $"{name}-{number}"))
            .First(candidate => !Directory.Exists(candidate));
    }

    private bool CanSignFirstRoot() =>
        File.Exists(Path.Combine(folder.Keys, MetadataPaths.Versioned(RoleNames.Root, 1)))
        || Directory.EnumerateFiles(folder.Keys, $"{RoleNames.Root}-*.pem").Count() >= RoleAssignments.DefaultRootThreshold;

    private void MoveFolder(string aside, string from)
    {
        if (Directory.Exists(from) && Directory.EnumerateFileSystemEntries(from).Any())
        {
            files.CreateFolder(aside, DurableFiles.OwnerFolder);
            files.RenameFolder(from, Path.Combine(aside, Path.GetFileName(from)));
        }
    }

    private void MoveFiles(string aside, string from, params string[] names)
    {
        foreach (string name in names.Where(name => File.Exists(Path.Combine(from, name))))
        {
            files.CreateFolder(aside, DurableFiles.OwnerFolder);
            files.Rename(Path.Combine(from, name), Path.Combine(aside, name));
        }
    }
}
