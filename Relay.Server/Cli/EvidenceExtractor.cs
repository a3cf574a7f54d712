using System.Formats.Tar;
using Relay.Server.History.Evidence;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary>Writes the files of evidence into a new folder, which has all of them or does not exist. They come from a relay, which may be any: no
/// name leads out of the folder, and the number and size of files is bounded.</summary>
internal sealed class EvidenceExtractor(string folder)
{
    private const int ShownLength = 100;
    private readonly DurableFiles _disk = new();

    /// <summary>Written so far.</summary>
    public int Files { get; private set; }

    /// <exception cref="CommandException">The folder has files already.</exception>
    /// <exception cref="InvalidDataException">It is not evidence.</exception>
    public async Task ExtractAsync(Stream tar, CancellationToken cancellationToken)
    {
        using OutputFolder output = OutputFolder.Create(folder);
        await ReadAsync(tar, output.Begin(), cancellationToken);
        output.Complete();
    }

    private async Task ReadAsync(Stream tar, string root, CancellationToken cancellationToken)
    {
        await using TarReader reader = new(tar);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            string[] name = entry.Name.Split('/');
            if (entry.EntryType is not TarEntryType.RegularFile || entry.Length > EvidenceFolder.FileBytes || ++Files > EvidenceFolder.Files
                || name.Any(part => part is "" or "." or ".."))
            {
                throw new InvalidDataException(
                    "The answer is not evidence: it has other entries than files, too many or too long ones, or names that are not plain.");
            }

            string path = FolderPath.Combine(root, name);
            if (Path.Exists(path))
            {
                throw new InvalidDataException($"The answer is not evidence: it has '{DisplayText.Escape(entry.Name, ShownLength)}' twice.");
            }

            _disk.CreateFolder(Path.GetDirectoryName(path)!);
            await _disk.WriteAsync(path, file => entry.DataStream?.CopyToAsync(file, cancellationToken) ?? Task.CompletedTask);
        }
    }
}
