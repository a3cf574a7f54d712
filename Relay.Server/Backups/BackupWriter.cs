using System.Formats.Tar;

namespace Relay.Server.Backups;

/// <summary>Writes a staged folder as one tar file that <c>tar</c> and <c>sha256sum</c> can read: the description first, SHA-256 of each file last.
/// Published files of equal content are written once, the others as links.</summary>
internal static class BackupWriter
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="sums">Of the files of the folder.</param>
    /// <param name="show">Gets the number of files that are written and their total.</param>
    public static async Task WriteAsync(
        string folder, FileSums sums, BackupDescription description, Stream output, Action<int, int> show, CancellationToken cancellationToken)
    {
        // Before anything is written: it may be too long.
        using MemoryStream end = new(sums.ToText(), writable: false);
        using MemoryStream head = new(description.ToJson(), writable: false);
        await using TarWriter tar = new(output, TarEntryFormat.Pax, leaveOpen: true);
        await WriteAsync(tar, BackupDescription.EntryName, head, description.CreatedAt, cancellationToken);
        int done = 0;
        foreach ((string name, string? same) in Order(sums))
        {
            show(done++, sums.Count);
            string path = Path.Combine(folder, name);
            DateTimeOffset at = File.GetLastWriteTimeUtc(path);
            if (same is not null)
            {
                PaxTarEntry link = new(TarEntryType.HardLink, name) { Mode = OwnerFile, ModificationTime = at, LinkName = same };
                await tar.WriteEntryAsync(link, cancellationToken);
                continue;
            }

            await using FileStream content = File.OpenRead(path);
            await WriteAsync(tar, name, content, at, cancellationToken);
        }

        show(sums.Count, sums.Count);
        await WriteAsync(tar, FileSums.EntryName, end, description.CreatedAt, cancellationToken);
    }

    /// <summary>The bytes that the files take once each content is there once.</summary>
    public static long CountBytes(string folder, FileSums sums) =>
        Order(sums).Where(file => file.Same is null).Sum(file => new FileInfo(Path.Combine(folder, file.Name)).Length);

    /// <summary>Files that never change under their name. Others may be equal today, and two databases are never one file.</summary>
    public static bool CanBeLink(string name) =>
        name.StartsWith("artifacts/", StringComparison.Ordinal) || name.StartsWith("repository/", StringComparison.Ordinal);

    // Each file, and the one before it with the same content, where it becomes a link to that.
    private static IEnumerable<(string Name, string? Same)> Order(FileSums sums)
    {
        Dictionary<string, string> written = new(StringComparer.Ordinal);
        foreach (string name in sums.Names)
        {
            string sha256 = sums.Find(name)!;
            yield return (name, CanBeLink(name) && !written.TryAdd(sha256, name) ? written[sha256] : null);
        }
    }

    private static async Task WriteAsync(TarWriter tar, string name, Stream content, DateTimeOffset at, CancellationToken cancellationToken)
    {
        PaxTarEntry entry = new(TarEntryType.RegularFile, name) { Mode = OwnerFile, ModificationTime = at, DataStream = content };
        await tar.WriteEntryAsync(entry, cancellationToken);
    }
}
