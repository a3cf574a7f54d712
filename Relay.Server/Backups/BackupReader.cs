using System.Formats.Tar;
using System.IO.Compression;
using Relay.Server.Storage;
using Shared.Platform.Files;

namespace Relay.Server.Backups;

/// <summary>Unpacks a backup into an empty folder and checks each file. A backup may come from a disk that is damaged, or from someone else: no entry
/// leads out of the folder, and nothing counts before all of it is checked.</summary>
/// <param name="begin">Gets the description before anything is unpacked.</param>
internal sealed class BackupReader(string folder, Action<BackupDescription> begin)
{
    private const int MaximumDescription = 1 << 20;
    private readonly FileSums _found = new();
    private readonly Dictionary<string, string> _sums = new(StringComparer.Ordinal);
    private BackupDescription? _description;
    private FileSums? _listed;

    /// <param name="backup">A tar file, compressed by gzip or not.</param>
    /// <param name="show">Gets the number of files that are unpacked.</param>
    /// <exception cref="InvalidDataException">It is no backup, or it is cut off, damaged, altered, or made by a later version.</exception>
    /// <exception cref="IOException">It cannot be read, or there is no space.</exception>
    /// <returns>What the backup says of itself, and the sums of the files that are unpacked.</returns>
    public async Task<(BackupDescription Description, FileSums Files)> ReadAsync(Stream backup, Action<int> show, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream plain = await UnpackAsync(backup, cancellationToken);
            await using TarReader tar = new(plain);
            while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                await ReadAsync(entry, cancellationToken);
                show(_found.Count);
            }
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException("The file is no backup of a relay, or it is cut off.");
        }

        return _listed switch
        {
            null when _description is null => throw new InvalidDataException("The file is no backup of a relay."),
            null => throw new InvalidDataException($"The backup is cut off: it has no {FileSums.EntryName}, which is its last entry."),
            _ when _listed.FindDifference(_found) is { } difference => throw new InvalidDataException($"The backup is damaged: {difference}."),
            _ => (_description!, _found),
        };
    }

    private static async Task<Stream> UnpackAsync(Stream backup, CancellationToken cancellationToken)
    {
        byte[] magic = new byte[2];
        await backup.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellationToken);
        backup.Position = 0;
        return magic is [0x1f, 0x8b] ? new GZipStream(backup, CompressionMode.Decompress, leaveOpen: true) : backup;
    }

    private async Task ReadAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        if (_listed is not null)
        {
            throw new InvalidDataException($"The backup is damaged: an entry follows {FileSums.EntryName}.");
        }

        switch (entry)
        {
            case { EntryType: TarEntryType.RegularFile, Name: BackupDescription.EntryName } when _description is null:
                _description = BackupDescription.Read(await ReadSmallAsync(entry, MaximumDescription, cancellationToken));
                if (_description.Format > BackupDescription.LatestFormat)
                {
                    throw new InvalidDataException(
                        $"The backup has format {_description.Format}: restore it with relay {_description.Relay}, which wrote it, or a later one.");
                }

                begin(_description);

                break;
            case var _ when _description is null:
                throw new InvalidDataException($"The file is no backup of a relay: its first entry is not {BackupDescription.EntryName}.");
            case { EntryType: TarEntryType.RegularFile, Name: FileSums.EntryName }:
                _listed = FileSums.Read(await ReadSmallAsync(entry, FileSums.MaximumBytes, cancellationToken));
                break;
            case { EntryType: TarEntryType.RegularFile or TarEntryType.HardLink } when !BackupParts.Contains(entry.Name):
                throw new InvalidDataException($"The backup is damaged: '{entry.Name}' is no part of a relay.");
            case { EntryType: TarEntryType.RegularFile }:
                await WriteAsync(entry, cancellationToken);
                break;
            case { EntryType: TarEntryType.HardLink } when BackupWriter.CanBeLink(entry.Name)
                && BackupWriter.CanBeLink(entry.LinkName) && _sums.TryGetValue(entry.LinkName, out string? sum):
                Link(entry, sum);
                break;
            default:
                throw new InvalidDataException($"The backup is damaged: '{entry.Name}' is neither a file nor a link to one before it.");
        }
    }

    private async Task WriteAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        string path = Place(entry.Name);
        await using FileStream file = FileOpening.CreatePrivate(path);
        string sum = await FileSums.CopyAsync(entry.DataStream ?? Stream.Null, file, cancellationToken);
        file.Flush(flushToDisk: true);
        Add(entry.Name, sum);
    }

    private void Link(TarEntry entry, string sum)
    {
        string first = FolderPath.Combine(folder, entry.LinkName);
        string path = Place(entry.Name);
        if (!HardLink.TryCreate(first, path))
        {
            File.Copy(first, path);
        }

        Add(entry.Name, sum);
    }

    /// <summary>The path of a new file. One name has one file: a second one would replace what was checked.</summary>
    private string Place(string name)
    {
        string path = FolderPath.Combine(folder, name);
        if (File.Exists(path) || Path.GetRelativePath(folder, path).Replace('\\', '/') != name)
        {
            throw new InvalidDataException($"The backup is damaged: '{name}' is there twice, or is no plain path.");
        }

        CreateFolder(Path.GetDirectoryName(path)!);
        return path;
    }

    // Each of them for the owner only, and not the last alone.
    private void CreateFolder(string path)
    {
        if (path != folder && !Directory.Exists(path))
        {
            CreateFolder(Path.GetDirectoryName(path)!);
            new DurableFiles().CreateFolder(path, DurableFiles.OwnerFolder);
        }
    }

    private void Add(string name, string sum)
    {
        _sums.Add(name, sum);
        _found.Add(name, sum);
    }

    private static async Task<byte[]> ReadSmallAsync(TarEntry entry, int maximum, CancellationToken cancellationToken)
    {
        if (entry.Length > maximum)
        {
            throw new InvalidDataException($"The backup is damaged: '{entry.Name}' has more than {maximum} bytes.");
        }

        byte[] content = new byte[entry.Length];
        await (entry.DataStream ?? Stream.Null).ReadExactlyAsync(content, cancellationToken);
        return content;
    }
}
