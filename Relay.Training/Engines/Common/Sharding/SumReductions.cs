using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Relay.Training.Engines.Common.Sharding;

/// <summary>What shards that share sums only find out by sums: whether something holds on any of them, and maxima. No sum says on how many. Each
/// shard can take its own part off a sum: where it said yes, it learns whether it alone did.</summary>
internal static class SumReductions
{
    private const int DigitBits = 8;
    private const int Digits = 1 << DigitBits;

    /// <summary>Per place, whether it holds on a shard at least. A shard on which it holds adds a random number: the sum is 0 where it holds on
    /// none, and random otherwise. It is 0 by chance once in 2^64.</summary>
    public static bool[] Any(this IShardGroup shards, ReadOnlySpan<bool> own)
    {
        long[] sums = new long[own.Length];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(sums.AsSpan()));
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = own[i] ? sums[i] : 0;
        }

        shards.Sum(sums);
        return Array.ConvertAll(sums, sum => sum != 0);
    }

    /// <summary>The largest key of all.</summary>
    /// <param name="bits">Of a key, a multiple of 8.</param>
    public static ulong MaxKey(this IShardGroup shards, ulong own, int bits) => shards.MaxKeys([own], bits)[0];

    /// <summary>Per place the largest key of all: digit by digit, from the first on, the shards whose digits were the largest so far say which
    /// digits theirs is not below. The shard with the largest key also learns whether it alone has it, and, at the first digit in which no other
    /// shard has it, the largest digit of those that had the digits before.</summary>
    /// <param name="own">Per place the key of this shard; null where it has none. Some shard has one.</param>
    /// <param name="bits">Of a key, a multiple of 8.</param>
    public static ulong[] MaxKeys(this IShardGroup shards, ReadOnlySpan<ulong?> own, int bits)
    {
        ulong?[] left = own.ToArray();
        ulong[] max = new ulong[own.Length];
        for (int shift = bits - DigitBits; shift >= 0; shift -= DigitBits)
        {
            bool[] notBelow = new bool[own.Length * Digits];
            for (int i = 0; i < left.Length; i++)
            {
                if (left[i] is { } key)
                {
                    // The digit 0 says nothing.
                    notBelow.AsSpan(i * Digits, DigitOf(key, shift) + 1)[1..].Fill(true);
                }
            }

            bool[] any = shards.Any(notBelow);
            for (int i = 0; i < left.Length; i++)
            {
                int digit = Math.Max(0, any.AsSpan(i * Digits, Digits).LastIndexOf(true));
                max[i] = (max[i] << DigitBits) | (uint)digit;
                left[i] = left[i] is { } key && DigitOf(key, shift) == digit ? key : null;
            }
        }

        return max;
    }

    private static int DigitOf(ulong key, int shift) => (int)(key >> shift) & (Digits - 1);
}
