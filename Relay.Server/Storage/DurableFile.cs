namespace Relay.Server.Storage;

/// <summary>Writes whole files so that a reader, or a restart after a power cut, finds the old file or the new one.</summary>
internal static class DurableFile
{
    private static readonly DurableFiles Files = new();

    /// <summary>Temporary file, flush, rename, flush of the folder.</summary>
    /// <param name="secret">True for a file that only its owner may read.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool secret = false)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        Files.Write(temporary, content, secret ? DurableFiles.OwnerFile : null);
        Files.Rename(temporary, path);
    }
}
