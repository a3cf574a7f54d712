using Relay.Server.Hosting;

namespace Relay.Server.Training;

/// <summary>The folder that training files are named in. Nothing outside of it can be named.</summary>
internal sealed class DatasetFolder(RelayOptions options)
{
    /// <summary>The full path of a file; null when there is none of that name inside of the folder.</summary>
    public string? Find(string relativePath)
    {
        if (options.DatasetsFolder is null || relativePath.Contains('\0'))
        {
            return null;
        }

        string root = Path.GetFullPath(options.DatasetsFolder) + Path.DirectorySeparatorChar;
        string full = Path.GetFullPath(Path.Combine(root, relativePath));
        return full.StartsWith(root, StringComparison.Ordinal) && File.Exists(full) ? full : null;
    }
}
