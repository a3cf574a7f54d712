namespace Relay.Training.Data.Csv;

/// <summary>A data file that is read once, unpacked where it is gzip, and hashed as it is read. Errors are <see cref="TrainingException"/>s that name
/// the file.</summary>
internal sealed class DataFile : IDisposable
{
    private DataFile(string name, HashingStream bytes) => (Name, Bytes) = (name, bytes);

    /// <summary>The file's name without folders.</summary>
    public string Name { get; }

    public HashingStream Bytes { get; }

    /// <exception cref="TrainingException">The file is missing, cannot be opened, or is packed or encoded in a form that is not read.</exception>
    public static DataFile Open(string path)
    {
        string name = Path.GetFileName(path);
        try
        {
            return new DataFile(name, new HashingStream(OpenText(path)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TrainingException(TrainingFault.MissingData, $"{name}: there is no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(TrainingFault.MissingData, $"{name}: cannot be read, {e.Message}", e);
        }
        catch (InvalidDataException e)
        {
            throw new TrainingException(TrainingFault.InvalidData, $"{name}: {e.Message}", e);
        }
    }

    /// <param name="content">Text; is owned by the result.</param>
    /// <exception cref="TrainingException">It is packed, or encoded in another way than UTF-8.</exception>
    public static DataFile OpenUnpacked(string name, Stream content)
    {
        if (PackedData.FindPacking(content) is { } packed)
        {
            content.Dispose();
            throw new TrainingException(TrainingFault.InvalidData, $"{name}: it is {packed}, expected text in UTF-8 without packing");
        }

        return new DataFile(name, new HashingStream(content));
    }

    /// <summary>Reads the rest and returns the SHA-256 of the unpacked bytes, lower-case hexadecimal.</summary>
    public string Finish(CancellationToken cancellationToken = default) => Guard(() => Bytes.Finish(cancellationToken));

    /// <summary>Runs a read whose errors are of the file.</summary>
    public T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw new TrainingException(TrainingFault.InvalidData, $"{Name}: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new TrainingException(TrainingFault.MissingData, $"{Name}: reading stopped, {e.Message}", e);
        }
    }

    public void Dispose() => Bytes.Dispose();

    private static Stream OpenText(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        try
        {
            return PackedData.OpenText(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
