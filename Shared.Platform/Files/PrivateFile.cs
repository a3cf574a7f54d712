namespace Shared.Platform.Files;

/// <summary>Files that only their owner may read, from their first byte on.</summary>
internal static class PrivateFile
{
    /// <exception cref="IOException">There is a file of this name, or it cannot be created.</exception>
    public static FileStream CreateNew(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = DurableFiles.OwnerFile;
        }

        return new FileStream(path, options);
    }
}
