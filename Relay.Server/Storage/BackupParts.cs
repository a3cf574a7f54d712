using Relay.Server.Storage.Folders;

namespace Relay.Server.Storage;

/// <summary>The parts of a data folder that a backup has, by the names of its entries. A backup writes no others and a restore takes no others: a
/// file of another name would be read by the relay, or by another program, without having been checked for what it is.</summary>
internal static class BackupParts
{
    private static readonly string[] Files = [DataFolder.ManifestName, "signer.json", DataFolder.DatabaseName];

    /// <summary>Files directly in these.</summary>
    private static readonly string[] Flat = ["artifacts", "samples", "tls", "trust"];

    /// <summary>Files at any depth of these.</summary>
    private static readonly string[] Trees = ["keys", "repository"];

    /// <summary>What a relay makes again, or what is of a process and not of the relay: locks, uploads on their way, checkpoints of runs (which begin
    /// again), logs and curves of runs (which change while a backup reads), and what was set aside.</summary>
    private static readonly string[] Transient =
    [
        DataFolder.LockName, BackupFolders.LockName, "keys.lock", "uploads", "checkpoints", DataFolder.RunsName, "set-aside", "repository/.lock",
        "repository/staging", "repository/.unreachable.json", "lost+found", DataFolder.ObjectStoreRecordName,
        FolderRecord.FileName, FolderRecord.ChangeName, FolderRecord.LockName,
    ];

    /// <summary>All that can be in the top folder after a restore, in the order in which it gets there: the manifest first and the database last, so
    /// that a folder in between is that of a relay that has lost its database, and never a new one.</summary>
    public static IReadOnlyList<string> InOrderOfRestore { get; } =
        [DataFolder.ManifestName, "signer.json", .. Flat, .. Trees, "checkpoints", DataFolder.RunsName, "uploads", DataFolder.DatabaseName];

    /// <summary>What a folder may have that counts as empty: a volume has its own folder, and a restore its locks.</summary>
    public static IReadOnlyList<string> OfAnEmptyFolder { get; } = ["lost+found", DataFolder.LockName, BackupFolders.LockName];

    /// <param name="name">The path below the data folder, with slashes.</param>
    public static bool Contains(string name)
    {
        string[] steps = name.Split('/');
        return steps.All(IsPlain) && !IsTransient(name) && steps switch
        {
            [var file] => Files.Contains(file),
            [DataFolder.SamplesName, var file] => file.EndsWith(".db", StringComparison.Ordinal),
            [var folder, _] when Flat.Contains(folder) => true,
            [var folder, ..] => Trees.Contains(folder),
            _ => false,
        };
    }

    /// <summary>True for a folder that has parts.</summary>
    public static bool CanContain(string folder) => !IsTransient(folder) && folder.Split('/') switch
    {
        [var top] => Flat.Contains(top) || Trees.Contains(top),
        [var top, ..] => Trees.Contains(top),
        _ => false,
    };

    /// <summary>True for what a relay has beside its parts: it is left out without a word.</summary>
    public static bool IsTransient(string name) =>
        Array.Exists(Transient, part => name == part || name.StartsWith(part + "/", StringComparison.Ordinal))
        || name.StartsWith(BackupFolders.BackupPrefix, StringComparison.Ordinal)
        || name.StartsWith(BackupFolders.CheckPrefix, StringComparison.Ordinal)
        || name.StartsWith(BackupFolders.RestorePrefix, StringComparison.Ordinal)
        || name.StartsWith(DataFolder.DatabaseName + "-", StringComparison.Ordinal) || name.EndsWith(".tmp", StringComparison.Ordinal);

    // No step upward, no hidden file, no drive, no other separator, and nothing that a terminal acts on.
    public static bool IsPlain(string step) =>
        step.Length > 0 && step[0] != '.' && !step.AsSpan().ContainsAny('\\', ':') && !step.Any(char.IsControl);
}
