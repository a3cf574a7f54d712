namespace Sync.Client.Storage;

/// <summary>An unfinished file: it grows at its end, and keeps the bytes of earlier attempts.</summary>
/// <remarks>Unbuffered, so that what was written is in the file when the process dies.</remarks>
internal sealed class PartFile : IDisposable
{
    private readonly FileStream _file;
    private readonly string _path;
    private readonly Action<StoreStep>? _beforeStep;

    public PartFile(string path, Action<StoreStep>? beforeStep)
    {
        (_path, _beforeStep) = (path, beforeStep);
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _file.Seek(0, SeekOrigin.End);
    }

    public long Length => _file.Length;

    public void Clear()
    {
        if (_file.Length > 0)
        {
            Announce(StoreOperation.Truncate);
            _file.SetLength(0);
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Announce(StoreOperation.Write);
        _file.Write(bytes);
    }

    public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Announce(StoreOperation.Write);
        return _file.WriteAsync(bytes, cancellationToken);
    }

    /// <summary>What was appended is on the disk afterwards.</summary>
    public void Flush()
    {
        Announce(StoreOperation.Flush);
        _file.Flush(flushToDisk: true);
    }

    public void Dispose() => _file.Dispose();

    private void Announce(StoreOperation operation) => _beforeStep?.Invoke(new(operation, _path));
}
