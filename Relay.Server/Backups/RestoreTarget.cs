using Relay.Server.Storage;
using Shared.Platform.Files;

namespace Relay.Server.Backups;

/// <summary>The folder that a restore fills, which may be a volume: it cannot be replaced by a rename, and another disk cannot be renamed into it. A
/// backup is unpacked in a folder in it, and its parts are moved up one by one. Until the last of them, the database, is up, that folder says that
/// the restore has not ended: no relay starts, and a further restore begins again.</summary>
internal sealed class RestoreTarget : IDisposable
{
    private readonly DurableFiles _files;
    private readonly string _root;
    private readonly bool _isCreated;
    private readonly Stack<FileLock> _locks = [];
    private bool _isOurs;

    private RestoreTarget(string root, string prefix, DurableFiles files)
    {
        (_root, _files, _isCreated) = (root, files, !Directory.Exists(root));
        _files.CreateFolder(root, DurableFiles.OwnerFolder);
        Name = $"{prefix}{Guid.NewGuid():N}";
        Unfinished = [.. BackupFolders.FindRestores(root).Select(folder => Path.GetFileName(folder))];
    }

    /// <summary>The name of the restore, which no other has.</summary>
    public string Name { get; }

    /// <summary>The names of restores into this folder that did not end.</summary>
    public IReadOnlyList<string> Unfinished { get; }

    /// <summary>Where the backup is unpacked and checked.</summary>
    public string Unpacked => Path.Combine(_root, Name);

    public string UnpackedDatabase => Path.Combine(Unpacked, DataFolder.DatabaseName);

    public string UnpackedSamples => Path.Combine(Unpacked, DataFolder.SamplesName);

    /// <exception cref="IOException">The folder is not empty, or a relay or another restore works in it.</exception>
    public static RestoreTarget Open(string root, bool checkOnly, DurableFiles files)
    {
        if (File.Exists(root))
        {
            throw NotEmpty(root);
        }

        RestoreTarget target = new(root, checkOnly ? BackupFolders.CheckPrefix : BackupFolders.RestorePrefix, files);
        try
        {
            target.Lock(checkOnly);
            if (!checkOnly)
            {
                target._isOurs = true;
                target.RemoveUnfinished();
                target.RequireEmpty();
            }

            files.CreateFolder(target.Unpacked, DurableFiles.OwnerFolder);
            return target;
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    /// <summary>Moves the unpacked parts to their places.</summary>
    /// <param name="withDatabase">False: its rows and samples go elsewhere, after which <see cref="Complete"/> ends the restore.</param>
    public void MoveUp(bool withDatabase)
    {
        foreach (string folder in Directory.EnumerateDirectories(Unpacked, "*", SearchOption.AllDirectories))
        {
            DiskFlush.Folder(folder);
        }

        DiskFlush.Folder(Unpacked);
        foreach (string name in BackupParts.InOrderOfRestore.Where(
            name => withDatabase || name is not (DataFolder.DatabaseName or DataFolder.SamplesName)))
        {
            string from = Path.Combine(Unpacked, name);
            if (File.Exists(from))
            {
                _files.Rename(from, Path.Combine(_root, name));
            }
            else if (Directory.Exists(from))
            {
                _files.RenameFolder(from, Path.Combine(_root, name));
            }
        }
    }

    /// <summary>Ends a restore whose rows are elsewhere: from here on a relay starts.</summary>
    public void Complete() => _files.DeleteFolder(Unpacked);

    /// <summary>Leaves what is restored, or nothing.</summary>
    public void Dispose()
    {
        RemoveUnfinished();
        _files.DeleteFolder(Unpacked);
        bool isEmpty = _isCreated && Directory.EnumerateFileSystemEntries(_root).All(
            path => Path.GetFileName(path) is DataFolder.LockName or BackupFolders.LockName);
        while (_locks.TryPop(out FileLock? held))
        {
            held.Dispose();
        }

        if (isEmpty)
        {
            _files.DeleteFolder(_root);
        }
    }

    private void Lock(bool checkOnly)
    {
        _locks.Push(BackupFolders.Lock(_root));
        if (!checkOnly)
        {
            _locks.Push(DataFolder.TryLock(_root) ?? throw new IOException($"A relay works in '{_root}': restore into a new folder."));
        }
    }

    // The folder of an unfinished restore is made in an empty folder alone, and last of all it is deleted: what lies beside it is of that restore.
    private void RemoveUnfinished()
    {
        if (!_isOurs || !BackupFolders.HasUnfinishedRestore(_root))
        {
            return;
        }

        foreach (string part in BackupParts.InOrderOfRestore.Select(name => Path.Combine(_root, name)))
        {
            if (File.Exists(part))
            {
                _files.Delete(part);
            }

            _files.DeleteFolder(part);
        }

        foreach (string folder in BackupFolders.FindRestores(_root))
        {
            _files.DeleteFolder(folder);
        }
    }

    private void RequireEmpty()
    {
        if (Directory.EnumerateFileSystemEntries(_root).Any(path => !BackupParts.OfAnEmptyFolder.Contains(Path.GetFileName(path))))
        {
            throw NotEmpty(_root);
        }
    }

    private static IOException NotEmpty(string root) =>
        new($"'{root}' is not empty: restore into a new folder, and start the relay with it by --data.");
}
