using System.Globalization;
using System.Text;
using System.Text.Json;
using Relay.Training.Data.Csv;

namespace Relay.Training.Recipes.Reputation;

/// <summary>Reads list files, text or JSON, plain or gzip. Faulty lines of all files are collected, so that one answer names them.</summary>
/// <param name="minimumCount">Entries of a text list that fewer blocklists name are left out.</param>
internal sealed class AddressListReader(int minimumCount)
{
    private const int MaxBytes = 256 << 20;
    private const int MaxShown = 40;

    private readonly List<string> _faults = [];

    /// <exception cref="TrainingException">A file is missing, unreadable, too large, or no text in UTF-8.</exception>
    public AddressList Read(IEnumerable<string> paths)
    {
        AddressList list = new();
        foreach (string path in paths)
        {
            Read(path, list);
        }

        return list;
    }

    /// <exception cref="TrainingException">Lines of the files that they read are faulty: all are named.</exception>
    public static void RequireNoFaults(params AddressListReader[] readers)
    {
        string[] faults = [.. readers.SelectMany(r => r._faults)];
        if (faults.Length > 0)
        {
            string more = faults.Length > MaxShown ? $"; and {faults.Length - MaxShown} more" : "";
            throw new TrainingException(TrainingFault.InvalidData, string.Join("; ", faults.Take(MaxShown)) + more);
        }
    }

    private void Read(string path, AddressList list)
    {
        using DataFile file = DataFile.Open(path);
        string text = file.Guard(() => ReadText(file));
        if (text.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            ReadJson(file.Name, text, list);
            return;
        }

        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            int comment = line.IndexOfAny('#', ';');
            ReadOnlySpan<char> entry = (comment < 0 ? line : line[..comment]).Trim();
            if (!entry.IsEmpty && ReadEntry(entry, list) is { } expected)
            {
                _faults.Add($"{file.Name}:{number}: got '{DataErrors.Shorten(entry.ToString())}', expected {expected}");
            }
        }
    }

    private string? ReadEntry(ReadOnlySpan<char> entry, AddressList list)
    {
        int end = entry.IndexOfAny(" \t,");
        if (end < 0)
        {
            return list.Add(entry);
        }

        ReadOnlySpan<char> count = entry[end..].TrimStart(" \t,");
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int lists))
        {
            return "an entry, and behind it nothing but a whole number, the count of blocklists that name it";
        }

        if (lists >= minimumCount)
        {
            return list.Add(entry[..end]);
        }

        list.SkipBelowMinimum();
        return null;
    }

    // What MISP's warning lists, Amazon and Google publish, and a plain list of texts.
    private void ReadJson(string name, string text, AddressList list)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            int entries = root.ValueKind is JsonValueKind.Array
                ? ReadArray(name, "$", root, list)
                : ((string[])["list", "prefixes", "ipv6_prefixes"]).Sum(
                    member => root.TryGetProperty(member, out JsonElement array) && array.ValueKind is JsonValueKind.Array
                        ? ReadArray(name, member, array, list)
                        : 0);
            if (entries == 0)
            {
                _faults.Add($"{name}: got JSON without entries, expected a list of texts, or an object with 'list' or 'prefixes'");
            }
        }
        catch (JsonException e)
        {
            _faults.Add($"{name}:{e.LineNumber + 1}: got text that is not JSON, expected a list, or an object with 'list' or 'prefixes'");
        }
    }

    private int ReadArray(string name, string member, JsonElement array, AddressList list)
    {
        int number = 0;
        foreach (JsonElement element in array.EnumerateArray())
        {
            string? entry = element.ValueKind is JsonValueKind.String ? element.GetString()
                : element.ValueKind is JsonValueKind.Object ? FindPrefix(element)
                : null;
            if ((entry is null ? "a text, or an object with ip_prefix, ipv6_prefix, ipv4Prefix or ipv6Prefix" : list.Add(entry)) is { } expected)
            {
                _faults.Add($"{name}, {member}[{number}]: got '{DataErrors.Shorten(entry ?? element.GetRawText())}', expected {expected}");
            }

            number++;
        }

        return number;
    }

    private static string? FindPrefix(JsonElement element) => ((string[])["ip_prefix", "ipv6_prefix", "ipv4Prefix", "ipv6Prefix"])
        .Select(member => element.TryGetProperty(member, out JsonElement text) && text.ValueKind is JsonValueKind.String ? text.GetString() : null)
        .FirstOrDefault(text => text is not null);

    private static string ReadText(DataFile file)
    {
        using MemoryStream bytes = new();
        byte[] part = new byte[1 << 16];
        for (int read; (read = file.Bytes.Read(part)) > 0;)
        {
            bytes.Write(part, 0, read);
            if (bytes.Length > MaxBytes)
            {
                throw new InvalidDataException($"more than {MaxBytes} bytes, expected a list of addresses");
            }
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\ufeff');
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException("bytes that are not UTF-8, expected a list of addresses", e);
        }
    }
}
