namespace Shared.Platform.Files;

/// <summary>A file under a temporary name that grows at its end and keeps what an earlier attempt wrote.</summary>
/// <remarks>Unbuffered, so that what was written is in the file when the process dies.</remarks>
internal sealed class PartFile : IDisposable
{
    private readonly FileStream _file;
    private readonly string _path;
    private readonly FileStepHooks _hooks;

    /// <param name="mode">Permissions of a file that is created here; null: the system's default.</param>
    public PartFile(string path, FileShare share, UnixFileMode? mode, FileStepHooks hooks)
    {
        (_path, _hooks) = (path, hooks);
        _hooks.Before(FileOperation.Create, path);
        _file = FileOpening.Open(path, FileMode.OpenOrCreate, FileAccess.Write, share, mode, bufferSize: 0);
        try
        {
            _file.Seek(0, SeekOrigin.End);
            _hooks.After(FileOperation.Create, path);
        }
        catch
        {
            // An object that was not made is not disposed: the handle would lock the path until a garbage collection.
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Writes a file as a whole, in two steps, so that tests see what a process leaves that is killed in between.</summary>
    /// <returns>For its caller to flush and dispose.</returns>
    public static PartFile Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode, FileStepHooks hooks)
    {
        PartFile file = new(path, FileShare.None, mode, hooks);
        try
        {
            file.Clear();
            file.Append(content[..(content.Length / 2)]);
            file.Append(content[(content.Length / 2)..]);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public long Length => _file.Length;

    public void Clear()
    {
        if (_file.Length > 0)
        {
            _hooks.Before(FileOperation.Truncate, _path);
            _file.SetLength(0);
            _hooks.After(FileOperation.Truncate, _path);
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hooks.Before(FileOperation.Write, _path);
        _file.Write(bytes);
        _hooks.After(FileOperation.Write, _path);
    }

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _hooks.Before(FileOperation.Write, _path);
        await _file.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        _hooks.After(FileOperation.Write, _path);
    }

    /// <summary>What was appended is on the disk afterwards.</summary>
    public void Flush()
    {
        _hooks.Before(FileOperation.Flush, _path);
        _file.Flush(flushToDisk: true);
        _hooks.After(FileOperation.Flush, _path);
    }

    public void Dispose() => _file.Dispose();
}
