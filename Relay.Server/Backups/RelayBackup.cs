using System.IO.Compression;
using System.Reflection;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Storage;
using Shared.Platform.Files;

namespace Relay.Server.Backups;

/// <summary>Backs the data folder of a relay up, whether it runs or not.</summary>
internal sealed class RelayBackup(DataFolder folder, TimeProvider timeProvider, LockWait wait)
{
    private static readonly string ProgramVersion = typeof(RelayBackup).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Writes a file, which is complete or not there.</summary>
    /// <param name="path">Compressed where it ends with <c>gz</c>.</param>
    /// <exception cref="RelayStartException">The folder lacks a part: a backup of the rest would hide that.</exception>
    /// <exception cref="IOException">There is a file of this name, or no space.</exception>
    public async Task<(BackupDescription Description, int Files)> WriteFileAsync(
        string path, Action<int, int> show, CancellationToken cancellationToken)
    {
        path = Path.GetFullPath(path);
        if (File.Exists(path))
        {
            throw new IOException($"'{path}' exists: give each backup a name of its own, and delete old ones when the new one is checked.");
        }

        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            (BackupDescription, int) written;
            await using (FileStream file = PrivateFile.CreateNew(temporary))
            {
                await using (Stream output = path.EndsWith("gz", StringComparison.Ordinal)
                    ? new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true)
                    : new BufferedStream(file))
                {
                    written = await WriteAsync(output, show, cancellationToken);
                    await output.FlushAsync(cancellationToken);
                    file.Flush(flushToDisk: true);
                }
            }

            new DurableFiles().Rename(temporary, path);
            return written;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes an uncompressed tar file.</summary>
    /// <exception cref="RelayStartException">The folder lacks a part: a backup of the rest would hide that.</exception>
    public async Task<(BackupDescription Description, int Files)> WriteAsync(
        Stream output, Action<int, int> show, CancellationToken cancellationToken)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        StartCheck.RequireDatabaseAndRepository(folder, now);
        if (new ManifestStore(folder).Read() is null)
        {
            throw new RelayStartException(
                $"'{folder.Root}' has no {ManifestStore.FileName}, without which it cannot be restored: start the relay once.");
        }

        using BackupStaging staging = await BackupStaging.CreateAsync(folder, wait, cancellationToken);
        BackupDescription description = BackupDescription.Describe(staging.Root, ProgramVersion, now);
        return (description, await BackupWriter.WriteAsync(staging.Root, description, output, show, cancellationToken));
    }
}
