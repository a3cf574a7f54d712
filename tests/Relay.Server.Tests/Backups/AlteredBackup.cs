using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

namespace Relay.Server.Tests.Backups;

/// <summary>Backups that are not as <c>relay backup</c> wrote them, and fit together all the same.</summary>
internal static class AlteredBackup
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="rewrite">The other content of a file; null: the file is left out.</param>
    public static async Task<byte[]> RewriteAsync(string file, Func<string, byte[], byte[]?> rewrite)
    {
        using MemoryStream output = new();
        await using (TarWriter writer = new(output, leaveOpen: true))
        await using (TarReader reader = new(File.OpenRead(file)))
        {
            while (await reader.GetNextEntryAsync(copyData: true, Cancel) is { } entry)
            {
                if (entry.EntryType is TarEntryType.RegularFile)
                {
                    using MemoryStream content = new();
                    await (entry.DataStream ?? Stream.Null).CopyToAsync(content, Cancel);
                    if (rewrite(entry.Name, content.ToArray()) is not { } other)
                    {
                        continue;
                    }

                    entry = new PaxTarEntry(TarEntryType.RegularFile, entry.Name) { DataStream = new MemoryStream(other) };
                }
                else if (rewrite(entry.Name, []) is null)
                {
                    continue;
                }

                await writer.WriteEntryAsync(entry, Cancel);
            }
        }

        return output.ToArray();
    }

    /// <summary>The backup without a file, as one that a folder with a gap gave.</summary>
    public static Task<byte[]> RemoveAsync(string file, Predicate<string> isRemoved) => RewriteAsync(file, (name, content) => name switch
    {
        _ when isRemoved(name) => null,
        "SHA256SUMS" => Encoding.UTF8.GetBytes(string.Join('\n', Encoding.UTF8.GetString(content).Split('\n')
            .Where(line => line.Length < 66 || !isRemoved(line[66..])))),
        _ => content,
    });

    /// <summary>The entry before the sums, which list it.</summary>
    public static async Task<byte[]> InsertAsync(string file, string name, TarEntryType type, string? target)
    {
        using MemoryStream output = new();
        await using (TarWriter writer = new(output, leaveOpen: true))
        await using (TarReader reader = new(File.OpenRead(file)))
        {
            while (await reader.GetNextEntryAsync(copyData: true, Cancel) is { } entry)
            {
                if (entry.Name == "SHA256SUMS")
                {
                    PaxTarEntry inserted = new(type, name);
                    if (target is not null)
                    {
                        inserted.LinkName = target;
                    }
                    else if (type is TarEntryType.RegularFile)
                    {
                        inserted.DataStream = new MemoryStream([1]);
                    }

                    await writer.WriteEntryAsync(inserted, Cancel);
                    using StreamReader text = new(entry.DataStream!);
                    string sum = Convert.ToHexStringLower(SHA256.HashData([1]));
                    byte[] sums = Encoding.UTF8.GetBytes($"{await text.ReadToEndAsync(Cancel)}{sum}  {name}\n");
                    entry = new PaxTarEntry(TarEntryType.RegularFile, "SHA256SUMS") { DataStream = new MemoryStream(sums) };
                }

                await writer.WriteEntryAsync(entry, Cancel);
            }
        }

        return output.ToArray();
    }
}
