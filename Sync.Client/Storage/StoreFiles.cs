namespace Sync.Client.Storage;

/// <summary>
/// Every change that a node makes to its store goes through here. Files are written so that a reader, or a start after a crash
/// at any moment, finds the old one or the new one whole.
/// </summary>
/// <param name="beforeStep">Called before each single operation; a test stops the world here, or fills the disk.</param>
internal sealed class StoreFiles(Action<StoreStep>? beforeStep = null)
{
    private const string TemporarySuffix = ".tmp";

    public void CreateFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            beforeStep?.Invoke(new(StoreOperation.CreateFolder, folder));
            Directory.CreateDirectory(folder);
        }
    }

    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string temporary = path + TemporarySuffix;
        using (PartFile file = Open(temporary))
        {
            file.Clear();
            int half = bytes.Length / 2;
            file.Append(bytes[..half]);
            file.Append(bytes[half..]);
            file.Flush();
        }

        Publish(temporary, path);
    }

    /// <summary>Opens a file to go on at its end; nobody looks at its name until it is published.</summary>
    public PartFile Open(string path)
    {
        beforeStep?.Invoke(new(StoreOperation.Create, path));
        return new PartFile(path, beforeStep);
    }

    /// <summary>Gives a file that is already flushed its final name, durably.</summary>
    public void Publish(string temporary, string path)
    {
        beforeStep?.Invoke(new(StoreOperation.Rename, path));
        File.Move(temporary, path, overwrite: true);
        string folder = Path.GetDirectoryName(path)!;
        beforeStep?.Invoke(new(StoreOperation.FlushFolder, folder));
        FolderSync.Flush(folder);
    }

    public void Delete(string path)
    {
        if (File.Exists(path))
        {
            beforeStep?.Invoke(new(StoreOperation.Delete, path));
            File.Delete(path);
        }
    }

    /// <summary>The file's bytes, or null where it is missing or longer than <paramref name="limit"/>.</summary>
    public static byte[]? Read(string path, long limit)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (file.Length > limit)
            {
                return null;
            }

            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
