using System.IO.Compression;
using System.Reflection;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Storage;
using Shared.Platform.Files;

namespace Relay.Server.Backups;

/// <summary>Backs the data folder of a relay up, whether it runs or not; one backup at a time.</summary>
/// <param name="freeBytes">The free bytes of the disk of a folder; null: as the system says.</param>
internal sealed class RelayBackup(DataFolder folder, TimeProvider timeProvider, LockWait wait, Func<string, long?>? freeBytes = null)
{
    /// <summary>Compression saves no more than this, whatever is compressed: a backup that would not fit even so begins not at all.</summary>
    private const int BestCompression = 8;

    private static readonly string ProgramVersion = typeof(RelayBackup).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private readonly Func<string, long?> _freeBytes = freeBytes ?? DiskSpace.Free;
    private readonly DurableFiles _files = new();

    /// <summary>Writes a file, which is complete or not there.</summary>
    /// <param name="path">Compressed where it ends with <c>gz</c>.</param>
    /// <exception cref="RelayStartException">The folder lacks a part: a backup of the rest would hide that.</exception>
    /// <exception cref="IOException">There is a file of this name, no space, or another backup in progress.</exception>
    public async Task<(BackupDescription Description, int Files)> WriteFileAsync(
        string path, Action<int, int> show, CancellationToken cancellationToken)
    {
        path = Path.GetFullPath(path);
        RequireNew(path, File.Exists(path));
        bool compress = path.EndsWith("gz", StringComparison.Ordinal);
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            (BackupDescription, int) written = default;
            await PrepareAsync(
                async (staging, sums, description) =>
                {
                    DiskSpace.Require(
                        Path.GetDirectoryName(path)!, compress ? description.Bytes / BestCompression : description.Bytes, "The backup", _freeBytes);
                    await _files.WriteAsync(
                        temporary,
                        async file =>
                        {
                            await using GZipStream? compressed = compress ? new(file, CompressionLevel.Fastest, leaveOpen: true) : null;
                            await BackupWriter.WriteAsync(staging.Root, sums, description, compressed ?? file, show, cancellationToken);
                        },
                        DurableFiles.OwnerFile);
                    written = (description, sums.Count);
                },
                cancellationToken);
            RequireNew(path, !_files.TryGiveName(temporary, path));
            return written;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes an uncompressed tar file.</summary>
    /// <exception cref="RelayStartException">The folder lacks a part: a backup of the rest would hide that.</exception>
    /// <exception cref="IOException">There is no space for copies of the databases, or another backup is in progress.</exception>
    public Task WriteAsync(Stream output, CancellationToken cancellationToken) => PrepareAsync(
        (staging, sums, description) => BackupWriter.WriteAsync(staging.Root, sums, description, output, (_, _) => { }, cancellationToken),
        cancellationToken);

    private async Task PrepareAsync(Func<BackupStaging, FileSums, BackupDescription, Task> write, CancellationToken cancellationToken)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        StartCheck.RequireDatabaseAndRepository(folder, now);
        if (new ManifestStore(folder).Read() is null)
        {
            throw new RelayStartException(
                $"'{folder.Root}' has no {DataFolder.ManifestName}, without which it cannot be restored: start the relay once.");
        }

        using FileLock held = BackupFolders.Lock(folder.Root);
        BackupFolders.ClearLocked(folder.Root);
        DiskSpace.Require(folder.Root, BackupStaging.BytesOfDatabases(folder), "The copy of the databases", _freeBytes);
        using BackupStaging staging = await BackupStaging.CreateAsync(folder, wait, cancellationToken);
        if (staging.LeftOut.Count > 0)
        {
            wait.Report?.Invoke($"no part of a relay, and not in the backup: {string.Join(", ", staging.LeftOut.Take(10))}");
        }

        FileSums sums = await FileSums.ComputeAsync(staging.Root, cancellationToken);
        if (WholeFolder.FindLoss(new DataFolder(staging.Root), sums, now) is { } loss)
        {
            throw new RelayStartException(
                $"'{folder.Root}' is not whole: {loss}. No backup was written, since it would look whole: restore the file from an earlier backup or "
                + "a mirror first.");
        }

        BackupDescription description = BackupDescription.Describe(staging.Root, ProgramVersion, now);
        await write(staging, sums, description with { Bytes = BackupWriter.CountBytes(staging.Root, sums) });
    }

    private static void RequireNew(string path, bool exists)
    {
        if (exists)
        {
            throw new IOException($"'{path}' exists: give each backup a name of its own, and delete old ones when the new one is checked.");
        }
    }
}
