
namespace Relay.Server.Storage.Folders;

/// <summary>The files of a data folder that a database can have: those of a backup, but for databases, which have rows of their own.</summary>
internal static class FolderParts
{
    /// <param name="name">The path below the data folder, with slashes.</param>
    public static bool Contains(string name) => IsOnDemand(name) || (BackupParts.Contains(name) && !IsDatabase(name));

    /// <summary>True for files that operators place, change and delete by hand: keys and their like, and roots that people sign.</summary>
    public static bool IsPlacedByHand(string name) =>
        FolderSeal.IsSecret(name) || name.StartsWith("repository/rotation/", StringComparison.Ordinal);

    /// <summary>True for files that a copy gets when it reads them: what runs write while they train.</summary>
    public static bool IsOnDemand(string name) =>
        name.Split('/') is [DataFolder.RunsName or DataFolder.CheckpointsName, var file] && BackupParts.IsPlain(file)
        && !file.EndsWith(".tmp", StringComparison.Ordinal);

    /// <summary>True for a folder that has such files.</summary>
    public static bool CanContain(string name) => name != DataFolder.SamplesName && BackupParts.CanContain(name);

    /// <summary>The names of the files that are there, each with slashes, but for those that are read on demand.</summary>
    public static IEnumerable<string> Find(string root) => Find(root, new DirectoryInfo(root));

    /// <summary>The names of the files that are read on demand.</summary>
    public static IEnumerable<string> FindOnDemand(string root) => new[] { DataFolder.RunsName, DataFolder.CheckpointsName }
        .Select(folder => Path.Combine(root, folder))
        .Where(Directory.Exists)
        .SelectMany(Directory.EnumerateFiles)
        .Select(path => NameOf(root, path))
        .Where(IsOnDemand);

    public static string NameOf(string root, string path) => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');

    private static IEnumerable<string> Find(string root, DirectoryInfo folder)
    {
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            string name = NameOf(root, entry.FullName);
            if (entry is DirectoryInfo below)
            {
                foreach (string file in CanContain(name) && below.LinkTarget is null ? Find(root, below) : [])
                {
                    yield return file;
                }
            }
            else if (Contains(name) && !IsOnDemand(name))
            {
                yield return name;
            }
        }
    }

    private static bool IsDatabase(string name) =>
        name == DataFolder.DatabaseName || name.StartsWith(DataFolder.SamplesName + "/", StringComparison.Ordinal);
}
