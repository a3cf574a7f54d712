using System.Security.Cryptography;
using System.Text;

namespace Relay.Server.Backups;

/// <summary>The last entry of a backup: SHA-256 of each file, in the form that <c>sha256sum -c</c> reads.</summary>
internal sealed class FileSums
{
    public const string EntryName = "SHA256SUMS";

    private readonly SortedDictionary<string, string> _sums = new(StringComparer.Ordinal);

    public int Count => _sums.Count;

    public void Add(string name, string sha256) => _sums.Add(name, sha256);

    public byte[] ToText() => Encoding.UTF8.GetBytes(string.Concat(_sums.Select(sum => $"{sum.Value}  {sum.Key}\n")));

    /// <exception cref="InvalidDataException">A line is none.</exception>
    public static FileSums Read(byte[] text)
    {
        FileSums sums = new();
        foreach (string line in Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length < 67 || line[64..66] != "  " || !sums._sums.TryAdd(line[66..], line[..64]))
            {
                throw new InvalidDataException($"{EntryName} of the backup is damaged.");
            }
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
