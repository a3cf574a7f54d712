using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary>A file that a command writes. It has its name when it is complete and on the disk; what had the name stays until then.</summary>
internal sealed class OutputFile : IDisposable
{
    private const string Devices = "/dev/";

    private readonly DurableFiles _files = new();
    private readonly string _target;
    private readonly string _temporary;

    public OutputFile(string path)
    {
        // A link stays: the file that it leads to is replaced.
        FileInfo named = new(path);
        _target = named.LinkTarget is null ? named.FullName : named.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        _temporary = $"{_target}.{Guid.NewGuid():N}.tmp";
    }

    /// <summary>Writes a file as a whole.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static async Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (Path.GetFullPath(path).StartsWith(Devices, StringComparison.Ordinal))
        {
            // A file in the place of /dev/stdout would be no output.
            await File.WriteAllBytesAsync(path, content, cancellationToken);
            return;
        }

        using OutputFile file = new(path);
        await file.WriteAsync(output => output.WriteAsync(content, cancellationToken).AsTask());
        file.Complete();
    }

    public Task WriteAsync(Func<Stream, Task> write) => _files.WriteAsync(_temporary, write);

    /// <summary>Gives what was written its name.</summary>
    public void Complete() => _files.Rename(_temporary, _target);

    /// <summary>Leaves nothing of a file that was not completed.</summary>
    public void Dispose() => File.Delete(_temporary);
}
