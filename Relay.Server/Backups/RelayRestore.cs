using Relay.Server.Hosting.Inventory;
using Relay.Server.Storage;
using Shared.Platform.Files;

namespace Relay.Server.Backups;

/// <summary>Restores a backup into a folder that is empty or not there. The folder appears when all of it is checked, and not before.</summary>
/// <param name="target">The data folder to be.</param>
internal sealed class RelayRestore(string target)
{
    private readonly DurableFiles _files = new();
    private readonly string _target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));

    /// <param name="checkOnly">Unpacks and checks it beside the target, and leaves nothing.</param>
    /// <param name="show">Gets what is done, and the number of files that are unpacked.</param>
    /// <exception cref="InvalidDataException">The backup is damaged, or made by a later version; nothing is left of it.</exception>
    /// <exception cref="IOException">The target is not empty, the backup cannot be read, or there is no space.</exception>
    public async Task<BackupDescription> RunAsync(
        Stream backup, bool checkOnly, Action<string, int> show, CancellationToken cancellationToken)
    {
        if (!checkOnly && (File.Exists(_target) || (Directory.Exists(_target) && Directory.EnumerateFileSystemEntries(_target).Any())))
        {
            throw new IOException($"'{_target}' is not empty: restore into a new folder, and start the relay with it by --data.");
        }

        string unpacked = $"{_target}.restore-{Guid.NewGuid():N}";
        try
        {
            _files.CreateFolder(unpacked, DurableFiles.OwnerFolder);
            BackupDescription description = await new BackupReader(unpacked).ReadAsync(
                backup, files => show("unpack", files), cancellationToken);
            show("check", 0);
            Check(unpacked, description);
            if (!checkOnly)
            {
                MarkRestored(unpacked, description);
                if (Directory.Exists(_target))
                {
                    Directory.Delete(_target);
                }

                _files.RenameFolder(unpacked, _target);
            }

            return description;
        }
        finally
        {
            _files.DeleteFolder(unpacked);
        }
    }

    private static void Check(string unpacked, BackupDescription description)
    {
        if (description.Schema > SchemaMigrations.Latest)
        {
            throw new InvalidDataException(
                $"The backup has schema {description.Schema}, and this relay knows {SchemaMigrations.Latest}: restore it with relay "
                + $"{description.Relay}, which wrote it, or a later one.");
        }

        string database = Path.Combine(unpacked, "relay.db");
        string samples = Path.Combine(unpacked, "samples");
        string[] databases = [database, .. Directory.Exists(samples) ? Directory.EnumerateFiles(samples, "*.db") : []];
        foreach (string path in databases)
        {
            if (!File.Exists(path) || DatabaseCopy.FindDamage(path) is not null)
            {
                throw new InvalidDataException($"The backup is damaged: '{Path.GetRelativePath(unpacked, path)}' is missing or no sound database.");
            }
        }

        if (description.FindDifference(BackupDescription.Describe(unpacked, description.Relay, description.CreatedAt)) is { } difference)
        {
            throw new InvalidDataException($"The backup is damaged: {difference}.");
        }
    }

    // Nodes have seen the metadata that the relay signed after the backup: the next start goes on far above it.
    private static void MarkRestored(string unpacked, BackupDescription description)
    {
        ManifestStore manifests = new(new DataFolder(unpacked));
        RelayManifest manifest = manifests.Read()
            ?? throw new InvalidDataException($"The backup is damaged: it has no {ManifestStore.FileName}.");
        manifests.Write(manifest with { Sequence = manifest.Sequence + 1, Versions = description.Metadata, Restored = true });
    }
}
