using Shared.Contracts.Datasets;
using Shared.Platform.Files;

namespace Sync.Client.Samples;

/// <summary>The batches on the disk of a node, in a folder of its store that no other account may read. Each is whole or not there. What cannot be
/// read counts as missing: a sample is worth less than the node.</summary>
/// <param name="folder">Is made with the first batch.</param>
internal sealed class SampleFolder(string folder)
{
    private const string Temporary = "batch.tmp";
    private readonly DurableFiles _files = new();

    /// <summary>The oldest first.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public IReadOnlyList<SampleBatch> List() => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFiles(folder).Select(file => SampleBatch.Read(Path.GetFileName(file))).OfType<SampleBatch>().OrderBy(b => b.Number)];

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
    public void Delete(SampleBatch batch) => _files.Delete(PathOf(batch));

    private string PathOf(SampleBatch batch) => Path.Combine(folder, batch.FileName);
}
