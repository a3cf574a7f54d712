using Relay.Server.Hosting.Inventory;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Shared.Platform.Files;

namespace Relay.Server.Backups;

/// <summary>Restores a backup into a folder that is empty or not there. No relay starts in it before all of the backup is checked and in its place;
/// a restore that was stopped can be repeated.</summary>
/// <param name="target">The data folder to be.</param>
/// <param name="freeBytes">The free bytes of the disk of a folder; null: as the system says.</param>
/// <param name="server">The connection string of an empty PostgreSQL database for the rows; null: a file in the data folder gets them.</param>
internal sealed class RelayRestore(
    string target, DurableFiles? files = null, Func<string, long?>? freeBytes = null, string? server = null)
{
    private readonly DurableFiles _files = files ?? new();
    private readonly string _target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));

    /// <param name="checkOnly">Unpacks and checks it in the target, whatever is there, and leaves nothing.</param>
    /// <param name="show">Gets what is done, and the number of files that are unpacked.</param>
    /// <exception cref="InvalidDataException">The backup is damaged, or made by a later version; nothing is left of it.</exception>
    /// <exception cref="IOException">The target is not empty or in use, the backup cannot be read, or there is no space.</exception>
    public async Task<BackupDescription> RunAsync(
        Stream backup, bool checkOnly, Action<string, int> show, CancellationToken cancellationToken)
    {
        using RestoreTarget place = RestoreTarget.Open(_target, checkOnly, _files);
        if (server is not null && !checkOnly)
        {
            PostgresBackup.Prepare(server, place.Unfinished);
        }

        BackupReader reader = new(
            place.Unpacked,
            described => DiskSpace.Require(_target, described.Bytes, checkOnly ? "The check" : "The restore", freeBytes ?? DiskSpace.Free));
        (BackupDescription description, FileSums sums) = await reader.ReadAsync(backup, unpacked => show("unpack", unpacked), cancellationToken);
        show("check", 0);
        Check(place.Unpacked, description, sums);
        if (!checkOnly)
        {
            MarkRestored(place.Unpacked, description, server is null ? null : DatabaseEngine.Postgres);
            place.MoveUp(withDatabase: server is null);
            if (server is not null)
            {
                show("load", 0);
                PostgresBackup.Load(server, place.UnpackedDatabase, place.UnpackedSamples, place.Name);
                place.Complete();
            }
        }

        return description;
    }

    private static void Check(string unpacked, BackupDescription description, FileSums sums)
    {
        if (description.Schema > SchemaMigrations.Latest)
        {
            throw new InvalidDataException(
                $"The backup has schema {description.Schema}, and this relay knows {SchemaMigrations.Latest}: restore it with relay "
                + $"{description.Relay}, which wrote it, or a later one.");
        }

        string database = Path.Combine(unpacked, DataFolder.DatabaseName);
        string samples = Path.Combine(unpacked, DataFolder.SamplesName);
        string[] databases = [database, .. Directory.Exists(samples) ? Directory.EnumerateFiles(samples, "*.db") : []];
        foreach (string path in databases)
        {
            if (!File.Exists(path) || DatabaseCopy.FindDamage(path) is not null)
            {
                throw new InvalidDataException($"The backup is damaged: '{Path.GetRelativePath(unpacked, path)}' is missing or no sound database.");
            }
        }

        if (WholeFolder.FindLoss(new DataFolder(unpacked), sums, description.CreatedAt) is { } loss)
        {
            throw new InvalidDataException($"The backup is damaged: {loss}.");
        }

        if (description.FindDifference(BackupDescription.Describe(unpacked, description.Relay, description.CreatedAt)) is { } difference)
        {
            throw new InvalidDataException($"The backup is damaged: {difference}.");
        }
    }

    // Nodes have seen the metadata that the relay signed after the backup: the next start goes on far above it.
    private static void MarkRestored(string unpacked, BackupDescription description, string? engine)
    {
        ManifestStore manifests = new(new DataFolder(unpacked));
        RelayManifest manifest = manifests.Read()
            ?? throw new InvalidDataException($"The backup is damaged: it has no {DataFolder.ManifestName}.");
        manifests.Write(manifest with
        {
            Sequence = manifest.Sequence + 1,
            Versions = description.Metadata,
            Engine = engine,
            Restored = true,
        });
    }
}
