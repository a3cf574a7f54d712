using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Engines.Managed.Forest;

/// <summary>What the rows of one node, or of one side of a split, add up to.</summary>
/// <param name="slots">See <see cref="ForestData.Slots"/>.</param>
internal sealed class NodeSums(int slots)
{
    private readonly long[] _sums = new long[slots];
    private double _squares;

    public ReadOnlySpan<long> Slots => _sums;

    public long Draws { get; private set; }

    public long Weight { get; private set; }

    /// <summary>The sum of squares by the weight. Weight less this is the Gini impurity of classes times the weight, and the sum
    /// of squared numbers less this is their variance times the weight: both fall as this rises.</summary>
    public double Score => _squares / Weight;

    public void Clear()
    {
        _sums.AsSpan().Clear();
        _squares = 0;
        Draws = 0;
        Weight = 0;
    }

    public void CopyFrom(NodeSums other)
    {
        other._sums.CopyTo(_sums, 0);
        _squares = other._squares;
        Draws = other.Draws;
        Weight = other.Weight;
    }

    public void Add(int slot, long value)
    {
        ref long sum = ref _sums[slot];
        sum += value;

        // One slot is squared anew: a running sum of large squares would lose what tells splits apart.
        _squares = _sums.Length == 1 ? (double)sum * sum : _squares + ((double)value * ((2 * sum) - value));
    }

    public void Count(long draws, long weight)
    {
        Draws += draws;
        Weight += weight;
    }

    /// <param name="shards">Who have the other rows of the node.</param>
    public void Fill<TRow>(ReadOnlySpan<TRow> rows, IShardGroup shards)
        where TRow : struct, IForestRow<TRow>
    {
        Clear();
        long draws = 0;
        long weight = 0;
        foreach (ref readonly TRow row in rows)
        {
            draws += row.Draws;
            weight += row.Weight;
            _sums[row.Slot] += row.Value;
        }

        if (shards.Size > 1)
        {
            long[] all = [draws, weight, .. _sums];
            shards.Sum(all);
            (draws, weight) = (all[0], all[1]);
            all.AsSpan(2).CopyTo(_sums);
        }

        Count(draws, weight);
        foreach (long sum in _sums)
        {
            _squares += (double)sum * sum;
        }
    }
}
