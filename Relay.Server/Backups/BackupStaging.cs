using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Platform.Files;

namespace Relay.Server.Backups;

/// <summary>One state of a data folder while a backup is written: links to files that never change, and copies of the databases. It is made while
/// nothing is published, which takes moments; the relay goes on while the backup is written.</summary>
internal sealed class BackupStaging : IDisposable
{
    /// <summary>Files that a relay makes again, or that are of a process and not of the relay: locks, uploads on their way, checkpoints of runs
    /// (which begin again), and what was set aside.</summary>
    private static readonly string[] LeftOut = ["lock", "keys.lock", "uploads", "checkpoints", "set-aside", "repository/.lock", "repository/staging"];

    private readonly DataFolder _folder;
    private readonly DurableFiles _files = new();

    private BackupStaging(DataFolder folder)
    {
        _folder = folder;

        // A start clears this folder: what a killed backup leaves is gone then.
        Root = Path.Combine(folder.Uploads, $"{DataFolder.BackupPrefix}{Guid.NewGuid():N}");
    }

    public string Root { get; }

    /// <exception cref="IOException">The folder cannot be read, or there is no space.</exception>
    /// <exception cref="System.Data.Common.DbException">A database cannot be copied.</exception>
    public static async Task<BackupStaging> CreateAsync(DataFolder folder, LockWait wait, CancellationToken cancellationToken)
    {
        BackupStaging staging = new(folder);
        try
        {
            staging._files.CreateFolder(staging.Root, DurableFiles.OwnerFolder);
            RepositoryFiles repository = new(folder.Repository, staging._files);
            using (await FileLock.AcquireAsync(repository.LockPath, wait, cancellationToken))
            {
                // The database first: whatever it refers to is there already, and stays.
                DatabaseCopy.Write(folder.Database, staging.PathOf(folder.Database));
                staging.LinkFolder(folder.Root, cancellationToken);
            }

            // Datasets change on their own, and each is a state of its own.
            staging.CopySamples(cancellationToken);
            return staging;
        }
        catch
        {
            staging.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private string PathOf(string path) => Path.Combine(Root, Path.GetRelativePath(_folder.Root, path));

    private void LinkFolder(string folder, CancellationToken cancellationToken)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            cancellationToken.ThrowIfCancellationRequested();
            string name = Path.GetRelativePath(_folder.Root, entry.FullName).Replace('\\', '/');
            if (LeftOut.Contains(name) || entry.FullName == _folder.Samples || IsDatabase(entry) || IsTemporary(entry))
            {
                continue;
            }

            if (entry.LinkTarget is not null)
            {
                throw new InvalidDataException(
                    $"'{entry.FullName}' is a symbolic link, which a backup does not follow: put the file itself there, or move it elsewhere.");
            }

            if (entry is DirectoryInfo)
            {
                Directory.CreateDirectory(PathOf(entry.FullName));
                LinkFolder(entry.FullName, cancellationToken);
            }
            else if (!HardLink.TryCreate(entry.FullName, PathOf(entry.FullName)))
            {
                Copy(entry.FullName);
            }
        }
    }

    private void Copy(string path)
    {
        try
        {
            File.Copy(path, PathOf(path));
        }
        catch (FileNotFoundException)
        {
            // Deleted meanwhile: nothing current refers to it.
        }
    }

    private void CopySamples(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(PathOf(_folder.Samples));
        foreach (string path in Directory.EnumerateFiles(_folder.Samples, "*.db"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                DatabaseCopy.Write(path, PathOf(path));
            }
            catch (System.Data.Common.DbException) when (!File.Exists(path))
            {
                // The dataset was deleted meanwhile.
                File.Delete(PathOf(path));
            }
        }
    }

    private static bool IsDatabase(FileSystemInfo entry) =>
        entry.Name is "relay.db" || entry.Name.StartsWith("relay.db-", StringComparison.Ordinal);

    // A file on its way to its name: replaced as a whole, and not there in the next moment.
    private static bool IsTemporary(FileSystemInfo entry) => entry is FileInfo && entry.Extension == ".tmp";
}
