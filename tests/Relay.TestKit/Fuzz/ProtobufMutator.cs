namespace Relay.TestKit.Fuzz;

/// <summary>Changes of Protobuf: fields dropped, doubled, swapped, nested, renumbered, extreme numbers, and lengths that lie.</summary>
public static class ProtobufMutator
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    private static readonly byte[] Longest = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    private static readonly byte[][] Tags = [.. Enumerable.Range(1, 120).Select(tag => EncodeLength(tag)), Longest, [0x00]];

    private static readonly Func<int, byte[]>[] Lies =
    [
        length => EncodeLength(length + 1), length => EncodeLength(Math.Max(0, length - 1)), _ => [0], _ => Longest,
        _ => [0xff, 0xff, 0xff, 0xff, 0x07], _ => [0xff, 0xff, 0xff, 0xff, 0x0f],
        length => [(byte)(length | 0x80), (byte)((length >> 7) | 0x80), (byte)((length >> 14) | 0x80), 0x00],
        _ => [.. Longest, .. Longest],
    ];

    public static byte[] Apply(byte[] input, Mutation mutation)
    {
        List<TreeNode>? roots = mutation.Kind % 4 == 0 ? null : Parse(input, 0);
        return roots is { Count: > 0 }
            ? TreeMutator.Apply(roots, mutation with { Kind = mutation.Kind / 4 }, EncodeLength, Lies, Tags)
            : ByteMutator.Apply(input, mutation with { Kind = mutation.Kind / 4 });
    }

    /// <summary>Null where the bytes are not fields from end to end. A text that happens to look like fields is taken for them.</summary>
    private static List<TreeNode>? Parse(ReadOnlySpan<byte> bytes, int depth)
    {
        List<TreeNode> nodes = [];
        while (bytes.Length > 0)
        {
            int tagBytes = VarintBytes(bytes, out ulong tag);
            if (tagBytes == 0 || tag >> 3 is 0 or > 200 || depth > 12)
            {
                return null;
            }

            ReadOnlySpan<byte> rest = bytes[tagBytes..];
            int prefix = 0;
            ulong length = 0;
            bool known = (tag & 7) switch
            {
                Varint => (length = (ulong)VarintBytes(rest, out _)) > 0,
                Fixed64 => (length = 8) > 0,
                Fixed32 => (length = 4) > 0,
                Delimited => (prefix = VarintBytes(rest, out length)) > 0,
                _ => false,
            };
            if (!known || length > (ulong)(rest.Length - prefix))
            {
                return null;
            }

            ReadOnlySpan<byte> content = rest.Slice(prefix, (int)length);
            nodes.Add(new TreeNode(
                bytes[..tagBytes].ToArray(), hasLength: prefix > 0, content.ToArray(),
                prefix > 0 && length > 1 ? Parse(content, depth + 1) : null));
            bytes = rest[(prefix + (int)length)..];
        }

        return nodes;
    }

    // 0 where there is none.
    private static int VarintBytes(ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < Math.Min(10, bytes.Length); i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
            {
                return i + 1;
            }
        }

        return 0;
    }

    private static byte[] EncodeLength(int value)
    {
        List<byte> bytes = [];
        for (uint left = (uint)value; ; left >>= 7)
        {
            if (left < 0x80)
            {
                return [.. bytes, (byte)left];
            }

            bytes.Add((byte)(left | 0x80));
        }
    }
}
