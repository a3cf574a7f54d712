namespace Relay.Training.Engines.Common.Sharding;

/// <summary>What shards agree on besides sums of many numbers.</summary>
internal static class ShardReductions
{
    public static long Sum(this IShardGroup shards, long value)
    {
        Span<long> sum = [value];
        shards.Sum(sum);
        return sum[0];
    }

    /// <summary>The largest of all; the same bits on every shard.</summary>
    public static double Max(this IShardGroup shards, double value) =>
        shards.Gather(BitConverter.GetBytes(value)).Max(bytes => BitConverter.ToDouble(bytes));

    public static double Min(this IShardGroup shards, double value) =>
        shards.Gather(BitConverter.GetBytes(value)).Min(bytes => BitConverter.ToDouble(bytes));

    /// <summary>Whether it holds on every shard.</summary>
    public static bool All(this IShardGroup shards, bool value) => shards.Sum(value ? 0 : 1) == 0;
}
