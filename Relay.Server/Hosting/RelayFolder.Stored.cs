using System.Data.Common;
using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Relay.Server.Storage.Postgres;
using Shared.Platform.Files;

namespace Relay.Server.Hosting;

/// <summary>The same folder where the database has its files.</summary>
internal sealed partial class RelayFolder
{
    /// <summary>Fills the folder where the database has its files.</summary>
    /// <returns>Null where it does not.</returns>
    /// <exception cref="RelayStartException">It has others, or the key is missing or wrong.</exception>
    public static StoredFolder? FillFrom(RelayOptions options, FolderAccess access)
    {
        try
        {
            // A folder that is not that of a relay is not created.
            string root = Path.GetFullPath(options.DataFolder);
            return StoredFolders.Exist(options.Server) || FolderRecord.Find(root) is not null
                ? StoredFolders.Follow(PathsOf(options), access)
                : null;
        }
        catch (DbException e)
        {
            throw new RelayStartException($"The relay cannot use the database {PostgresSettings.Describe(options.Server!)}: {e.Message}", e);
        }
    }

    /// <summary>Deletes what a relay in this folder wrote for requests and runs, such as exports, when it was killed or replaced: its folder is its
    /// own, and no other relay would.</summary>
    public static void ClearLeftovers(RelayOptions options, StoredFolder stored)
    {
        DataFolder paths = PathsOf(options);
        using FileLock? alone = DataFolder.TryLock(paths.Root);
        if (alone is not null)
        {
            paths.ClearUploads();
            BackupFolders.Clear(paths.Root);
            stored.EndLeftovers(hasEnded: false);
        }
    }

    /// <summary>Fills the folder of the relay that works where the database has its files: under the lock of the database, since another relay may
    /// work with them.</summary>
    /// <returns>The lock where there is one, and the files; null where they are in the folder alone.</returns>
    private static (IDisposable? Lock, StoredFolder? Stored) TakeOverFiles(RelayOptions options, DataFolder paths, Stack<IDisposable> opened)
    {
        IDisposable? held = options.DatabaseLock;
        if (paths.Server is null || (!StoredFolders.Exist(paths.Server) && FolderRecord.Find(paths.Root) is null))
        {
            return (held, null);
        }

        held ??= Push(opened, RelayLock.Take(paths.Server));
        StoredFolder? stored = StoredFolders.TakeOver(paths);
        if (stored is not null)
        {
            opened.Push(stored);
        }

        return (held, stored);
    }

    // So that a request to forget a sample, at the next relay, waits for no disk that may never come back.
    private void LeaveNothing()
    {
        if (Stored is null || Worker is not null)
        {
            return;
        }

        try
        {
            Paths.ClearUploads();
            Stored.EndLeftovers(hasEnded: true);
        }
        catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException)
        {
            // The next relay takes it for one that was killed.
        }
    }

    private static DataFolder PathsOf(RelayOptions options) =>
        new(options.DataFolder, options.Server) { FolderKeyFile = options.FolderKeyFile, Digests = options.FolderDigests };
}
