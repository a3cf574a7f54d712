using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Draws the rows that a round learns from, and how much each counts there. Validation rows never take part.</summary>
internal sealed class RowSampler
{
    private readonly BinnedRows data;
    private readonly IntegerWeights weights;
    private readonly bool[]? validation;
    private readonly double share;
    private readonly ulong seed;
    private readonly byte[] counts;

    /// <param name="validation">Per binned row; null: none is.</param>
    public RowSampler(BinnedRows data, IntegerWeights weights, bool[]? validation, BoostingParameters parameters)
    {
        this.data = data;
        this.weights = weights;
        this.validation = validation;
        share = parameters.Subsample;
        seed = parameters.Seed;
        counts = validation is null && share >= 1 ? data.Multiplicity : [.. data.Multiplicity.Select((count, row) => validation?[row] == true ? (byte)0 : count)];
    }

    /// <summary>Per binned row, how many of the rows it stands for take part.</summary>
    public ReadOnlySpan<byte> Counts => counts;

    public bool IsEven => weights.IsEven;

    /// <summary>Per binned row what it counts, in units of <see cref="IntegerWeights"/>; 0 where it takes no part.</summary>
    public long Weight(int row) => counts[row] * weights[row];

    /// <summary>Rows of all shards that take part, and their weights.</summary>
    public (long Count, long Weight) Total()
    {
        long count = 0;
        long weight = 0;
        for (int row = 0; row < counts.Length; row++)
        {
            count += counts[row];
            weight += Weight(row);
        }

        Span<long> total = [count, weight];
        data.Shards.Sum(total);
        return (total[0], total[1]);
    }

    /// <summary>Draws the rows of a round. A row's number in the whole set decides, so neither threads nor shards do.</summary>
    public void Draw(int round)
    {
        if (share >= 1)
        {
            return;
        }

        counts.AsSpan().Clear();
        HashSampler sampler = new(seed, round, share);
        for (int row = 0; row < data.RowOf.Length; row++)
        {
            int at = data.RowOf[row];
            if (validation?[at] != true && sampler.Draws((ulong)(data.FirstRow + row)))
            {
                counts[at]++;
            }
        }
    }
}
