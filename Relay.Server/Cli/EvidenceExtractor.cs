using System.Formats.Tar;
using Relay.Server.History.Evidence;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary>Writes the files of evidence into a new folder. They come from a relay, which may be any: no name leads out of the folder, and the
/// number and size of files is bounded.</summary>
internal sealed class EvidenceExtractor(string folder)
{
    /// <summary>Written so far.</summary>
    public int Files { get; private set; }

    /// <exception cref="CommandException">The folder has files already.</exception>
    /// <exception cref="InvalidDataException">It is not evidence.</exception>
    public async Task ExtractAsync(Stream tar, CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new CommandException($"'{folder}' has files already: give --out a new folder, so that no file of other evidence is among these.");
        }

        Directory.CreateDirectory(folder);
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

            string path = FolderPath.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write);
            if (entry.DataStream is { } content)
            {
                await content.CopyToAsync(file, cancellationToken);
            }
        }
    }
}
