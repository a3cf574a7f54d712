using Shared.Platform.Files;

namespace Relay.Server.Storage;

/// <summary>What backups and restores have in a data folder while they run: a lock that one of them has at a time, and folders of their own, which
/// a killed one leaves.</summary>
internal static class BackupFolders
{
    /// <summary>With what the name of a folder begins from which a backup is written.</summary>
    public const string BackupPrefix = ".backup-";

    /// <summary>The same, of a backup that is unpacked to check it.</summary>
    public const string CheckPrefix = ".check-";

    /// <summary>The same, of a backup that is unpacked to restore it. It is there until all parts have their places.</summary>
    public const string RestorePrefix = ".restore-";

    public const string LockName = "backup.lock";

    /// <exception cref="IOException">Another has it, or the file cannot be created.</exception>
    public static FileLock Lock(string root) => FileLock.TryAcquire(Path.Combine(root, LockName)) ?? throw new IOException(
        $"Another backup of '{root}', or a restore into it, is in progress: wait until it has ended.");

    /// <summary>The folders of backups, and what a killed one left.</summary>
    public static IReadOnlyList<string> FindBackups(string root) => Find(root, BackupPrefix);

    public static IReadOnlyList<string> FindRestores(string root) => Find(root, RestorePrefix);

    /// <summary>True where a restore has not put all parts in their places; the database is the last.</summary>
    public static bool HasUnfinishedRestore(string root) => FindRestores(root).Count > 0 && !File.Exists(Path.Combine(root, DataFolder.DatabaseName));

    /// <summary>Deletes what killed backups, checks and finished restores left, unless one is in progress: copies of samples must not outlive their
    /// deletion from a dataset.</summary>
    public static void Clear(string root)
    {
        if (FindLeftovers(root).Count > 0)
        {
            using FileLock? held = FileLock.TryAcquire(Path.Combine(root, LockName));
            if (held is not null)
            {
                ClearLocked(root);
            }
        }
    }

    /// <summary>As <see cref="Clear"/>, for the one that has the lock.</summary>
    public static void ClearLocked(string root)
    {
        foreach (string folder in FindLeftovers(root))
        {
            new DurableFiles().DeleteFolder(folder);
        }
    }

    private static IReadOnlyList<string> FindLeftovers(string root) =>
        [.. Find(root, BackupPrefix), .. Find(root, CheckPrefix), .. HasUnfinishedRestore(root) ? [] : FindRestores(root)];

    private static string[] Find(string root, string prefix) => Directory.Exists(root) ? Directory.GetDirectories(root, prefix + "*") : [];
}
