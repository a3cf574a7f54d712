namespace Relay.Server.Training;

/// <summary>The folder that holds training files. A path that leads out of it finds nothing.</summary>
/// <param name="folder">Null: there is no such folder, and nothing is found.</param>
internal sealed class DatasetFolder(string? folder)
{
    /// <summary>The full path of a file; null when the folder has no such file.</summary>
    public string? Find(string relativePath)
    {
        if (folder is null || relativePath.Contains('\0'))
        {
            return null;
        }

        string root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        string full = Path.GetFullPath(Path.Combine(root, relativePath));
        return full.StartsWith(root, StringComparison.Ordinal) && File.Exists(full) ? full : null;
    }
}
