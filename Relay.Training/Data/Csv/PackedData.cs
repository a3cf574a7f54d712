namespace Relay.Training.Data.Csv;

/// <summary>Tells by its first bytes how a file is packed or encoded.</summary>
internal static class PackedData
{
    private const string Gzip = "packed with gzip";

    private static readonly (byte[] Start, string Name)[] Unreadable =
    [
        ("PK\x03\x04"u8.ToArray(), "a ZIP archive"), ([0x28, 0xb5, 0x2f, 0xfd], "packed with zstd"),
        ([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "packed with xz"),
        ([0xff, 0xfe], "text in UTF-16"), ([0xfe, 0xff], "text in UTF-16"),
    ];

    /// <summary>A stream over the text in a file, unpacked where it is gzip.</summary>
    /// <param name="file">Is owned by the result.</param>
    /// <exception cref="InvalidDataException">The file is packed or encoded in a form that is not read.</exception>
    public static Stream OpenText(FileStream file) => FindPacking(file) switch
    {
        Gzip => new WholeGzipStream(file),
        { } name => throw Refuse(name),
        null => file,
    };

    /// <summary>How the content is packed or encoded; null for what may be text in UTF-8. The stream stays at its start.</summary>
    public static string? FindPacking(Stream content)
    {
        Span<byte> start = stackalloc byte[8];
        start = start[..content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        content.Position = 0;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
        {
            return Gzip;
        }

        foreach ((byte[] magic, string name) in Unreadable)
        {
            if (start.StartsWith(magic))
            {
                return name;
            }
        }

        return start.Length == 8 && start.StartsWith("BZh"u8) && start[4..].StartsWith("1AY&"u8) ? "packed with bzip2" : null;
    }

    private static InvalidDataException Refuse(string name) => new($"it is {name}, expected CSV text in UTF-8, plain or packed with gzip");
}
