using System.Text;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;

namespace Sync.Client.Transport;

/// <summary>The offsets of the files in a bundle.</summary>
internal static class BundleIndex
{
    private const int Block = BundleFormat.BlockBytes;

    /// <summary>Reads all headers, and no content. Memory stays within <see cref="BundleFormat.Entries"/> names, whatever the file holds.</summary>
    /// <exception cref="InvalidDataException">The file is not of the form of a bundle.</exception>
    public static Dictionary<string, (long Offset, long Length)> Read(FileStream file)
    {
        Dictionary<string, (long, long)> index = new(StringComparer.Ordinal);
        byte[] header = new byte[Block];
        long at = 0;
        while (ReadBlock(file, at, header))
        {
            (string name, long length) = Parse(header);
            at += Block;
            if (length > file.Length - at)
            {
                throw new InvalidDataException($"it ends within '{name}'");
            }

            if (!index.TryAdd(name, (at, length)) || index.Count > BundleFormat.Entries)
            {
                throw new InvalidDataException($"'{name}' comes twice, or is one of more than {BundleFormat.Entries} files");
            }

            at += (length + Block - 1) / Block * Block;
        }

        // Bytes after the end are never verified, so there must be none.
        return file.Length == at + (2 * Block) ? index : throw new InvalidDataException("it does not end with its closing blocks");
    }

    // False at the closing blocks.
    private static bool ReadBlock(FileStream file, long at, byte[] block)
    {
        if (file.Length - at < 2 * Block)
        {
            throw new InvalidDataException("it ends without its closing blocks");
        }

        ReadExactly(file, at, block);
        if (block.AsSpan().ContainsAnyExcept((byte)0))
        {
            return true;
        }

        ReadExactly(file, at + Block, block);
        return block.AsSpan().ContainsAnyExcept((byte)0) ? throw new InvalidDataException("an empty header") : false;
    }

    private static void ReadExactly(FileStream file, long at, byte[] block)
    {
        for (int got = 0; got < block.Length;)
        {
            int more = RandomAccess.Read(file.SafeFileHandle, block.AsSpan(got), at + got);
            got += more > 0 ? more : throw new InvalidDataException("it became shorter while it was read");
        }
    }

    // The fields of ustar, by their offsets in the block.
    private static (string Name, long Length) Parse(ReadOnlySpan<byte> header)
    {
        if (!header.Slice(257, 8).SequenceEqual("ustar\000"u8) || header[156] != (byte)'0')
        {
            throw new InvalidDataException("an entry is not a regular file of ustar");
        }

        if (Octal(header.Slice(148, 8)) != Checksum(header))
        {
            throw new InvalidDataException("a header's checksum is wrong");
        }

        string prefix = Text(header.Slice(345, 155));
        string name = prefix.Length == 0 ? Text(header[..100]) : $"{prefix}/{Text(header[..100])}";
        return BundleFormat.IsEntryName(name)
            ? (name, Octal(header.Slice(124, 12)))
            : throw new InvalidDataException($"'{name}' is no name for a file here");
    }

    private static int Checksum(ReadOnlySpan<byte> header)
    {
        // The field itself counts as blanks.
        int sum = 8 * ' ';
        for (int i = 0; i < header.Length; i++)
        {
            sum += i is >= 148 and < 156 ? 0 : header[i];
        }

        return sum;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        ReadOnlySpan<byte> text = field.IndexOf((byte)0) is var end and >= 0 ? field[..end] : field;
        return text.ContainsAnyExceptInRange((byte)0x20, (byte)0x7e)
            ? throw new InvalidDataException("a name is not plain ASCII")
            : Encoding.ASCII.GetString(text);
    }

    private static long Octal(ReadOnlySpan<byte> field)
    {
        ReadOnlySpan<byte> digits = field.TrimEnd("\0 "u8);
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'7'))
        {
            throw new InvalidDataException("a number is not octal");
        }

        long value = 0;
        foreach (byte digit in digits)
        {
            value = (value * 8) + (digit - '0');
        }

        return value;
    }
}
