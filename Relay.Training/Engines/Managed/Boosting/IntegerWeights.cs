using System.Numerics;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Sample weights as whole multiples of a power of two, so that sums of weighted gradients are exact. Whole weights
/// are taken as they are: a row of weight 3 is three rows.</summary>
internal sealed class IntegerWeights
{
    // Leaves 23 bits of a long for one gradient.
    private const int TotalBits = 39;

    // The minimum weight is known to a part in a thousand, unless it is so small beside the mean that it hardly counts.
    private const int MinBits = 10;
    private readonly BinnedRows _data;
    private readonly long[]? _multiples;

    public IntegerWeights(BinnedRows data)
    {
        _data = data;
        if (data.SampleWeights is { } weights)
        {
            (_multiples, Unit) = ToMultiples(weights, data.Multiplicity, data.Shards);
        }

        for (int row = 0; row < data.RowCount; row++)
        {
            long weight = data.Multiplicity[row] * this[row];
            Total += weight;
            Max = Math.Max(Max, weight);
        }

        Total = data.Shards.Sum(Total);
    }

    /// <summary>Whether all rows count 1.</summary>
    public bool IsEven => _multiples is null;

    /// <summary>What a multiple of 1 is worth.</summary>
    public double Unit { get; } = 1;

    /// <summary>Over all rows of all shards.</summary>
    public long Total { get; }

    /// <summary>The maximum of a row of this shard, as often as it occurs.</summary>
    public long Max { get; }

    /// <summary>Bits of a sum over all rows of something that has none itself.</summary>
    public int BitsOfTotal => 64 - BitOperations.LeadingZeroCount((ulong)Total);

    /// <summary>Of one row, however many are merged into it.</summary>
    public long this[int row] => _multiples is null ? 1 : _multiples[row];

    private static (long[] Multiples, double Unit) ToMultiples(float[] weights, byte[] counts, IShardGroup shards)
    {
        double min = shards.Min(weights.Min());
        double max = shards.Max(weights.Max());
        double rows = shards.Sum(counts.Sum(count => (long)count));
        bool whole = max <= 1 << 24 && shards.All(weights.All(w => w == MathF.Floor(w)));
        double unit = whole ? 1 : Math.ScaleB(1, Math.Max(
            Math.ILogB(min) - MinBits, Math.ILogB(max) + Math.ILogB(rows) + 2 - 60));
        long[] multiples = [.. weights.Select(w => (long)Math.Max(1, Math.Round(w / unit)))];
        long total = 0;
        for (int row = 0; row < multiples.Length; row++)
        {
            total += multiples[row] * counts[row];
        }

        total = shards.Sum(total);
        int shift = 64 - BitOperations.LeadingZeroCount((ulong)total) - TotalBits;
        if (shift <= 0)
        {
            return (multiples, unit);
        }

        long half = 1L << (shift - 1);
        return ([.. multiples.Select(m => Math.Max(1, (m + half) >> shift))], Math.ScaleB(unit, shift));
    }
}
