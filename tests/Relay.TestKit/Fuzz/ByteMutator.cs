namespace Relay.TestKit.Fuzz;

/// <summary>Changes that know nothing of any format.</summary>
public static class ByteMutator
{
    private const int LongestPiece = 64;
    private static readonly byte[] Edges = [0, 1, 0x7f, 0x80, 0xff, (byte)'{', (byte)'[', (byte)'"', (byte)',', (byte)' ', (byte)'0'];

    public static byte[] Apply(byte[] input, Mutation mutation)
    {
        int at = mutation.Place(input.Length);
        int end = Math.Min(input.Length, at + 1 + (mutation.With % LongestPiece));
        int from = mutation.With % Math.Max(input.Length, 1);
        byte[] elsewhere = input[from..Math.Min(input.Length, from + (end - at))];
        return (mutation.Kind % 8) switch
        {
            0 => Change(input, at, b => (byte)(b ^ (1 << (mutation.With % 8)))),
            1 => Change(input, at, _ => (byte)mutation.With),
            2 => Change(input, at, _ => mutation.Pick(Edges)),
            3 => [.. input[..at], .. input[end..]],
            4 => [.. input[..at], .. input[at..end], .. input[at..]],
            5 => [.. input[..at], .. elsewhere, .. input[at..]],
            6 => input[..at],
            _ => [.. input[..at], mutation.Pick(Edges), .. input[at..]],
        };
    }

    private static byte[] Change(byte[] input, int at, Func<byte, byte> change)
    {
        byte[] changed = [.. input];
        if (changed.Length > 0)
        {
            changed[at] = change(changed[at]);
        }

        return changed;
    }
}
