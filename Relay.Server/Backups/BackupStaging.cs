using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Platform.Files;

namespace Relay.Server.Backups;

/// <summary>One state of a data folder while a backup is written: links to files that never change, and copies of the databases. It is made while
/// nothing is published, which takes moments; the relay goes on while the backup is written.</summary>
internal sealed class BackupStaging : IDisposable
{
    private readonly DataFolder _folder;
    private readonly DurableFiles _files = new();
    private readonly List<string> _leftOut = [];

    private BackupStaging(DataFolder folder)
    {
        _folder = folder;

        // A start clears this folder, and so does the next backup: what a killed one leaves is gone then.
        Root = Path.Combine(folder.Root, $"{BackupFolders.BackupPrefix}{Guid.NewGuid():N}");
    }

    public string Root { get; }

    /// <summary>Files of the data folder that are no part of a relay.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    /// <summary>The bytes that the databases take, of which there are copies while a backup is written.</summary>
    public static long BytesOfDatabases(DataFolder folder) =>
        RelayDatabase.FindBytes(folder) + SampleCopy.FindBytes(folder);

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
                DatabaseCopy.Write(folder, staging.PathOf(folder.Database));
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
            if (entry.FullName == _folder.Samples || entry.FullName == _folder.Database || BackupParts.IsTransient(name))
            {
                continue;
            }

            if (!(entry is DirectoryInfo ? BackupParts.CanContain(name) : BackupParts.Contains(name)))
            {
                _leftOut.Add(name);
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
        SampleCopy.WriteAll(_folder, PathOf(_folder.Samples), cancellationToken);
    }
}
