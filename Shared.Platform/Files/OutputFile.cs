namespace Shared.Platform.Files;

/// <summary>A file that a command writes. It has its name when it is complete and on the disk; what had the name stays until then. A link stays as
/// well: the file that it leads to is replaced. A device is written as it is: a file in the place of /dev/stdout would be no output.</summary>
internal sealed class OutputFile : IDisposable
{
    private const string Devices = "/dev/";
    private const string SharedMemory = "/dev/shm/";

    private readonly DurableFiles _files = new();
    private readonly string _target;
    private readonly string? _temporary;
    private FileStream? _stream;

    public OutputFile(string path)
    {
        if (IsDevice(path))
        {
            _target = path;
            return;
        }

        FileInfo named = new(path);
        _target = named.LinkTarget is null ? named.FullName : named.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        _temporary = $"{_target}.{Guid.NewGuid():N}.tmp";
    }

    /// <summary>Whether the path is one of the system's devices, which have no content to keep or to read back.</summary>
    public static bool IsDevice(string path) => Path.GetFullPath(path) is var full
        && full.StartsWith(Devices, StringComparison.Ordinal) && !full.StartsWith(SharedMemory, StringComparison.Ordinal);

    /// <summary>Writes a file as a whole.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static async Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using OutputFile file = new(path);
        await file.Open().WriteAsync(content, cancellationToken).ConfigureAwait(false);
        file.Complete();
    }

    /// <summary>Opens it for content that comes in parts, once.</summary>
    /// <returns>Owned by this object.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public Stream Open() => _stream = _temporary is null
        ? FileOpening.Open(_target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)
        : FileOpening.Open(_temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Writes a file, in place of what was written before; not for a device.</summary>
    public Task WriteAsync(Func<Stream, Task> write) => _temporary is null
        ? throw new InvalidOperationException("A device keeps what was written before.")
        : _files.WriteAsync(_temporary, write);

    /// <summary>Gives what was written its name.</summary>
    public void Complete()
    {
        _stream?.Flush(flushToDisk: _temporary is not null);
        _stream?.Dispose();
        if (_temporary is not null)
        {
            _files.Rename(_temporary, _target);
        }
    }

    /// <summary>Leaves nothing of a file that was not completed.</summary>
    public void Dispose()
    {
        _stream?.Dispose();
        if (_temporary is not null)
        {
            File.Delete(_temporary);
        }
    }
}
