using System.Globalization;
using System.Text;

namespace Relay.TestKit.Fuzz;

/// <summary>Changes of a tar archive: entries dropped, doubled and exchanged, headers that lie under a right checksum, and altered
/// contents under right headers.</summary>
public static class BundleMutator
{
    private const int Block = 512;
    private const int NameBytes = 100;
    private const int LengthField = 124;
    private const int LengthBytes = 12;
    private const int TypeField = 156;
    private const int ChecksumField = 148;
    private const int ChecksumBytes = 8;

    private static readonly string[] Lengths = ["00000000000\0", "77777777777\0", "00000000001\0", "0000000000 \0", "zzzzzzzzzzz\0", "777777777777"];
    private static readonly string[] Names =
        ["../../etc/passwd", "metadata/../x", "metadata/timestamp.json", "/metadata/x", "targets//x", "x", "", "metadata/\u0001"];
    private static readonly byte[] Types = [(byte)'0', (byte)'1', (byte)'2', (byte)'5', (byte)'g', (byte)'x', (byte)'L', 0];

    public static byte[] Apply(byte[] input, Mutation mutation)
    {
        List<(byte[] Header, byte[] Content)> entries = Entries(input);
        if (entries.Count == 0 || mutation.Kind % 8 == 0)
        {
            return ByteMutator.Apply(input, mutation with { Kind = mutation.Kind / 8 });
        }

        int at = mutation.At % entries.Count;
        int other = mutation.With % entries.Count;
        (byte[] header, byte[] content) = entries[at];
        switch (mutation.Kind / 8 % 8)
        {
            case 0:
                entries.RemoveAt(at);
                break;
            case 1:
                entries.Insert(at, entries[other]);
                break;
            case 2:
                (entries[at], entries[other]) = ((header, entries[other].Content), (entries[other].Header, content));
                break;
            case 3:
                entries[at] = (Put(header, LengthField, Encoding.ASCII.GetBytes(mutation.Pick(Lengths))), content);
                break;
            case 4:
                entries[at] = (Put(header, 0, Encoding.ASCII.GetBytes(mutation.Pick(Names).PadRight(NameBytes, '\0'))), content);
                break;
            case 5:
                entries[at] = (Put(header, TypeField, [mutation.Pick(Types)]), content);
                break;
            case 6:
                entries[at] = (Put(header, mutation.With % Block, [(byte)mutation.Kind]), content);
                break;
            default:
                byte[] altered = JsonMutator.Apply(content, mutation with { Kind = mutation.Kind / 64 });
                entries[at] = (Put(header, LengthField, Octal(altered.Length, LengthBytes - 1)), altered);
                break;
        }

        return [.. entries.SelectMany(e => (byte[])[.. e.Header, .. e.Content, .. new byte[Padding(e.Content.Length)]]), .. new byte[2 * Block]];
    }

    // As far as they can be read.
    private static List<(byte[] Header, byte[] Content)> Entries(byte[] input)
    {
        List<(byte[], byte[])> entries = [];
        for (int at = 0; at + Block <= input.Length && input[at] != 0;)
        {
            byte[] header = input[at..(at + Block)];
            string digits = Encoding.ASCII.GetString(header, LengthField, LengthBytes).TrimEnd('\0', ' ');
            if (digits.Length == 0 || digits.Any(d => d is < '0' or > '7') || Convert.ToInt64(digits, 8) > input.Length - at - Block)
            {
                break;
            }

            int length = Convert.ToInt32(digits, 8);
            entries.Add((header, input[(at + Block)..(at + Block + length)]));
            at += Block + length + Padding(length);
        }

        return entries;
    }

    private static byte[] Put(byte[] header, int at, byte[] bytes)
    {
        byte[] changed = [.. header];
        bytes.AsSpan(0, Math.Min(bytes.Length, Block - at)).CopyTo(changed.AsSpan(at));
        changed.AsSpan(ChecksumField, ChecksumBytes).Fill((byte)' ');
        Octal(changed.Sum(b => b), 6).CopyTo(changed, ChecksumField);
        return changed;
    }

    private static byte[] Octal(int value, int digits) => Encoding.ASCII.GetBytes(
        Convert.ToString(value, 8).PadLeft(digits, '0').ToString(CultureInfo.InvariantCulture) + "\0");

    private static int Padding(int length) => (Block - (length % Block)) % Block;
}
