namespace Relay.Training.Engines.Common.Sharding;

/// <summary>What shards agree on besides sums of many numbers.</summary>
internal static class ShardReductions
{
    private const int KeyBits = 64;
    private const int ExponentBits = 16;

    // The exponent of the smallest double is -1074.
    private const int ExponentOffset = 2000;

    public static long Sum(this IShardGroup shards, long value)
    {
        Span<long> sum = [value];
        shards.Sum(sum);
        return sum[0];
    }

    /// <summary>The largest of all; the same bits on every shard.</summary>
    public static double Max(this IShardGroup shards, double value) => shards.SharesSumsOnly
        ? ToValue(shards.MaxKey(ToKey(value), KeyBits))
        : shards.Gather(BitConverter.GetBytes(value)).Max(bytes => BitConverter.ToDouble(bytes));

    public static double Min(this IShardGroup shards, double value) => shards.SharesSumsOnly
        ? -shards.Max(-value)
        : shards.Gather(BitConverter.GetBytes(value)).Min(bytes => BitConverter.ToDouble(bytes));

    /// <summary>The binary exponent of the largest of all: less than the value itself, for those who need no more.</summary>
    /// <param name="value">Not below 0.</param>
    /// <returns>Null where all are 0.</returns>
    public static int? MaxExponent(this IShardGroup shards, double value)
    {
        ulong own = value > 0 ? (ulong)(Math.ILogB(value) + ExponentOffset) : 0;
        ulong max = shards.SharesSumsOnly ? shards.MaxKey(own, ExponentBits) : (ulong)shards.Max(own);
        return max == 0 ? null : (int)max - ExponentOffset;
    }

    /// <summary>Whether it holds on every shard.</summary>
    public static bool All(this IShardGroup shards, bool value) => shards.SharesSumsOnly
        ? !shards.Any([!value])[0]
        : shards.Sum(value ? 0 : 1) == 0;

    // Unsigned integers in the order of the numbers.
    private static ulong ToKey(double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        return (bits >> (KeyBits - 1)) == 1 ? ~bits : bits | (1UL << (KeyBits - 1));
    }

    private static double ToValue(ulong key) =>
        BitConverter.UInt64BitsToDouble((key >> (KeyBits - 1)) == 1 ? key & ~(1UL << (KeyBits - 1)) : ~key);
}
