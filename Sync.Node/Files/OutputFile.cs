using Shared.Platform.Files;

namespace Sync.Node.Files;

/// <summary>A file that has another name until it is complete; or standard output.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string? _path;
    private readonly string? _partPath;

    /// <param name="path">Null for standard output.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public OutputFile(string? path)
    {
        _path = path;
        _partPath = path is null ? null : $"{path}.{Guid.NewGuid():N}.part";
        Stream = _partPath is null ? Console.OpenStandardOutput() : new FileStream(_partPath, FileMode.CreateNew, FileAccess.ReadWrite);
    }

    public Stream Stream { get; }

    /// <summary>Gives the file its name, once it is on the disk.</summary>
    public void Complete()
    {
        Stream.Flush();
        if (_partPath is not null)
        {
            ((FileStream)Stream).Flush(flushToDisk: true);
            Stream.Dispose();
            new DurableFiles().Rename(_partPath, _path!);
        }
    }

    /// <summary>Deletes what is not complete.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (_partPath is not null)
        {
            File.Delete(_partPath);
        }
    }
}
