namespace Shared.Platform.Files;

/// <summary>Joins a folder and names that came from elsewhere. The result is checked, whatever was checked before.</summary>
internal static class FolderPath
{
    /// <summary>The full path of a file below the folder.</summary>
    /// <exception cref="InvalidDataException">The names lead out of the folder, or to the folder itself.</exception>
    public static string Combine(string folder, params ReadOnlySpan<string> names)
    {
        string full = Path.GetFullPath(folder);
        string prefix = Path.EndsInDirectorySeparator(full) ? full : full + Path.DirectorySeparatorChar;
        string path = Path.GetFullPath(Path.Combine([full, .. names]));
        return path.StartsWith(prefix, StringComparison.Ordinal) && path.Length > prefix.Length
            ? path
            : throw new InvalidDataException($"A path leads out of the folder '{full}'. Nothing was written or read there.");
    }
}
