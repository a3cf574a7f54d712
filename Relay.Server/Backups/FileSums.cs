using System.Security.Cryptography;
using System.Text;

namespace Relay.Server.Backups;

/// <summary>The last entry of a backup: SHA-256 of each file, in the form that <c>sha256sum -c</c> reads.</summary>
internal sealed class FileSums
{
    public const string EntryName = "SHA256SUMS";

    /// <summary>The length of the entry: some two million files.</summary>
    public const int MaximumBytes = 256 << 20;

    private readonly SortedDictionary<string, string> _sums = new(StringComparer.Ordinal);

    public int Count => _sums.Count;

    /// <summary>In order.</summary>
    public IEnumerable<string> Names => _sums.Keys;

    /// <summary>Null when there is no such file.</summary>
    public string? Find(string name) => _sums.GetValueOrDefault(name);

    public void Add(string name, string sha256) => _sums.Add(name, sha256);

    /// <exception cref="IOException">There are too many files: a restore would refuse the list.</exception>
    public byte[] ToText()
    {
        long length = _sums.Sum(sum => (long)Encoding.UTF8.GetByteCount(sum.Key) + sum.Value.Length + 3);
        return length <= MaximumBytes
            ? Encoding.UTF8.GetBytes(string.Concat(_sums.Select(sum => $"{sum.Value}  {sum.Key}\n")))
            : throw new IOException(
                $"The data folder has {Count} files, whose list of sums is longer than {MaximumBytes} bytes: remove old ones by relay gc.");
    }

    /// <exception cref="InvalidDataException">A line is none.</exception>
    public static FileSums Read(ReadOnlySpan<byte> text)
    {
        FileSums sums = new();
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            string line = Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
            text = end < 0 ? [] : text[(end + 1)..];
            if (line.Length > 0 && (line.Length < 67 || line[64..66] != "  " || !sums._sums.TryAdd(line[66..], line[..64])))
            {
                throw new InvalidDataException($"{EntryName} of the backup is damaged.");
            }
        }

        return sums;
    }

    /// <summary>The sums of all files of a folder.</summary>
    public static Task<FileSums> ComputeAsync(string folder, CancellationToken cancellationToken) => ComputeAsync(folder, [""], cancellationToken);

    /// <param name="parts">The folders in it to look into.</param>
    public static async Task<FileSums> ComputeAsync(string folder, IEnumerable<string> parts, CancellationToken cancellationToken)
    {
        FileSums sums = new();
        foreach (string path in parts
            .SelectMany(part => Directory.EnumerateFiles(Path.Combine(folder, part), "*", SearchOption.AllDirectories)))
        {
            await using FileStream file = File.OpenRead(path);
            sums.Add(
                Path.GetRelativePath(folder, path).Replace('\\', '/'), Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)));
        }

        return sums;
    }

    /// <summary>The first file that is missing, added or altered; null when there is none.</summary>
    public string? FindDifference(FileSums found) =>
        _sums.Where(sum => found._sums.GetValueOrDefault(sum.Key) is not { } other ? true : other != sum.Value)
            .Select(sum => found._sums.ContainsKey(sum.Key) ? $"'{sum.Key}' is altered" : $"'{sum.Key}' is missing")
            .Concat(found._sums.Keys.Where(name => !_sums.ContainsKey(name)).Select(name => $"'{name}' is not listed"))
            .FirstOrDefault();

    /// <summary>Copies a stream and computes the SHA-256 of what it copied.</summary>
    public static async Task<string> CopyAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[128 * 1024];
        for (int read; (read = await from.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
