using System.Buffers.Binary;

namespace Relay.TestKit.Fuzz;

/// <summary>Changes of DER: elements dropped, doubled, swapped, nested, retagged, and lengths that lie.</summary>
public static class DerMutator
{
    private const int Constructed = 0x20;
    private static readonly byte[][] Tags =
        [[0x02], [0x03], [0x04], [0x05], [0x06], [0x17], [0x18], [0x30], [0x31], [0xa0], [0xa1], [0x80], [0x1f, 0x81, 0x01], [0x24]];

    private static readonly Func<int, byte[]>[] Lies =
    [
        length => EncodeLength(length + 1), length => EncodeLength(Math.Max(0, length - 1)), _ => [0], _ => [0x80], _ => [0xff],
        _ => [0x84, 0xff, 0xff, 0xff, 0xff], _ => [0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], length => [0x81, (byte)length],
        length => [0x84, .. Bytes(length)],
    ];

    public static byte[] Apply(byte[] input, Mutation mutation)
    {
        List<TreeNode>? roots = mutation.Kind % 4 == 0 ? null : Parse(input, 0);
        return roots is { Count: > 0 }
            ? TreeMutator.Apply(roots, mutation with { Kind = mutation.Kind / 4 }, EncodeLength, Lies, Tags)
            : ByteMutator.Apply(input, mutation with { Kind = mutation.Kind / 4 });
    }

    /// <summary>Null where the bytes are not elements from end to end.</summary>
    private static List<TreeNode>? Parse(ReadOnlySpan<byte> bytes, int depth)
    {
        List<TreeNode> nodes = [];
        while (bytes.Length > 0)
        {
            if (bytes.Length < 2 || depth > 30 || (bytes[0] & 0x1f) == 0x1f)
            {
                return null;
            }

            int count = bytes[1] < 0x80 ? 0 : bytes[1] & 0x7f;
            if (count is 0 && bytes[1] >= 0x80 || count > 3 || bytes.Length < 2 + count)
            {
                return null;
            }

            int length = count == 0 ? bytes[1] : 0;
            foreach (byte b in bytes.Slice(2, count))
            {
                length = (length << 8) | b;
            }

            if (length > bytes.Length - 2 - count)
            {
                return null;
            }

            ReadOnlySpan<byte> content = bytes.Slice(2 + count, length);
            nodes.Add(new TreeNode(
                [bytes[0]], hasLength: true, content.ToArray(), (bytes[0] & Constructed) != 0 ? Parse(content, depth + 1) : null));
            bytes = bytes[(2 + count + length)..];
        }

        return nodes;
    }

    private static byte[] EncodeLength(int length) => length switch
    {
        < 0x80 => [(byte)length],
        < 0x100 => [0x81, (byte)length],
        < 0x10000 => [0x82, (byte)(length >> 8), (byte)length],
        _ => [0x84, .. Bytes(length)],
    };

    private static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        return bytes;
    }
}
