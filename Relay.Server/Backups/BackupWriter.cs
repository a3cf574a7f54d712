using System.Formats.Tar;
using System.Security.Cryptography;

namespace Relay.Server.Backups;

/// <summary>Writes a staged folder as one tar file that <c>tar</c> and <c>sha256sum</c> can read: the description first, SHA-256 of each file last.
/// Published files of equal content are written once, the others as links.</summary>
internal static class BackupWriter
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="show">Gets the number of files that are written and their total.</param>
    /// <returns>The number of files.</returns>
    public static async Task<int> WriteAsync(
        string folder, BackupDescription description, Stream output, Action<int, int> show, CancellationToken cancellationToken)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        FileSums sums = new();
        Dictionary<string, string> written = new(StringComparer.Ordinal);
        await using TarWriter tar = new(output, TarEntryFormat.Pax, leaveOpen: true);
        using MemoryStream head = new(description.ToJson(), writable: false);
        await WriteAsync(tar, BackupDescription.EntryName, head, description.CreatedAt, cancellationToken);
        for (int i = 0; i < files.Length; i++)
        {
            show(i, files.Length);
            string name = Path.GetRelativePath(folder, files[i]).Replace('\\', '/');
            string sha256 = await HashAsync(files[i], cancellationToken);
            sums.Add(name, sha256);
            DateTimeOffset at = File.GetLastWriteTimeUtc(files[i]);
            if (CanBeLink(name) && !written.TryAdd(sha256, name))
            {
                PaxTarEntry link = new(TarEntryType.HardLink, name) { Mode = OwnerFile, ModificationTime = at, LinkName = written[sha256] };
                await tar.WriteEntryAsync(link, cancellationToken);
                continue;
            }

            await using FileStream content = File.OpenRead(files[i]);
            await WriteAsync(tar, name, content, at, cancellationToken);
        }

        show(files.Length, files.Length);
        using MemoryStream end = new(sums.ToText(), writable: false);
        await WriteAsync(tar, FileSums.EntryName, end, description.CreatedAt, cancellationToken);
        return files.Length;
    }

    /// <summary>Files that never change under their name. Others may be equal today, and two databases are never one file.</summary>
    public static bool CanBeLink(string name) =>
        name.StartsWith("artifacts/", StringComparison.Ordinal) || name.StartsWith("repository/", StringComparison.Ordinal);

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }

    private static async Task WriteAsync(TarWriter tar, string name, Stream content, DateTimeOffset at, CancellationToken cancellationToken)
    {
        PaxTarEntry entry = new(TarEntryType.RegularFile, name) { Mode = OwnerFile, ModificationTime = at, DataStream = content };
        await tar.WriteEntryAsync(entry, cancellationToken);
    }
}
