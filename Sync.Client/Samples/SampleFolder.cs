using Shared.Contracts.Datasets;
using Shared.Platform.Files;

namespace Sync.Client.Samples;

/// <summary>The batches on the disk of a node, in a folder of its store that no other account may read. Each is whole or not there.</summary>
/// <param name="folder">Is made with the first batch.</param>
internal sealed class SampleFolder(string folder)
{
    private const string Temporary = "batch.tmp";
    private readonly DurableFiles _files = new();

    /// <summary>The oldest first, with their lengths in bytes.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public IReadOnlyList<(SampleBatch Batch, long Bytes)> List() => !Directory.Exists(folder) ? [] :
    [
        .. new DirectoryInfo(folder).EnumerateFiles().Select(file => (Batch: SampleBatch.Read(file.Name), file.Length))
            .Where(found => found.Batch is not null).OrderBy(found => found.Batch!.Number).Select(found => (found.Batch!, found.Length)),
    ];

    /// <exception cref="IOException">The batch is not on the disk.</exception>
    public void Write(SampleBatch batch, ReadOnlySpan<byte> lines)
    {
        string temporary = Path.Combine(folder, Temporary);
        _files.CreateFolder(folder, DurableFiles.OwnerFolder);
        File.Delete(temporary);
        _files.Write(temporary, lines, DurableFiles.OwnerFile);
        _files.Rename(temporary, PathOf(batch));
    }

    /// <summary>Null where there is no such batch, or none that a relay takes.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[]? Read(SampleBatch batch)
    {
        FileInfo file = new(PathOf(batch));
        return file.Exists && file.Length <= SampleBounds.NodeBytes ? File.ReadAllBytes(file.FullName) : null;
    }

    /// <exception cref="IOException">It is still there.</exception>
    public void Delete(SampleBatch batch)
    {
        if (File.Exists(PathOf(batch)))
        {
            _files.Delete(PathOf(batch));
        }
    }

    /// <exception cref="IOException">Some of it is still there.</exception>
    public void DeleteAll()
    {
        if (Directory.Exists(folder))
        {
            _files.DeleteFolder(folder);
        }
    }

    private string PathOf(SampleBatch batch) => Path.Combine(folder, batch.FileName);
}
