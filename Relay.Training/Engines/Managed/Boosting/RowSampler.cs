using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Draws the rows that a round learns from, and how much each counts there. Validation rows never take part.</summary>
internal sealed class RowSampler
{
    private readonly BinnedRows _data;
    private readonly IntegerWeights _weights;
    private readonly bool[]? _validation;
    private readonly double _share;
    private readonly ulong _seed;
    private readonly byte[] _counts;

    /// <param name="validation">Per binned row; null: none is.</param>
    public RowSampler(BinnedRows data, IntegerWeights weights, bool[]? validation, BoostingParameters parameters)
    {
        _data = data;
        _weights = weights;
        _validation = validation;
        _share = parameters.Subsample;
        _seed = parameters.Seed;
        _counts = validation is null && _share >= 1
            ? data.Multiplicity : [.. data.Multiplicity.Select((count, row) => validation?[row] == true ? (byte)0 : count)];
    }

    /// <summary>Per binned row, how many of the rows it stands for take part.</summary>
    public ReadOnlySpan<byte> Counts => _counts;

    public bool IsEven => _weights.IsEven;

    /// <summary>Per binned row what it counts, in units of <see cref="IntegerWeights"/>; 0 where it takes no part.</summary>
    public long Weight(int row) => _counts[row] * _weights[row];

    /// <summary>Rows of all shards that take part, and their weights.</summary>
    public (long Count, long Weight) Total()
    {
        long count = 0;
        long weight = 0;
        for (int row = 0; row < _counts.Length; row++)
        {
            count += _counts[row];
            weight += Weight(row);
        }

        Span<long> total = [count, weight];
        _data.Shards.Sum(total);
        return (total[0], total[1]);
    }

    /// <summary>Draws the rows of a round. A row's number in the whole set decides, so neither threads nor shards do.</summary>
    public void Draw(int round)
    {
        if (_share >= 1)
        {
            return;
        }

        _counts.AsSpan().Clear();
        HashSampler sampler = new(_seed, round, _share);
        for (int row = 0; row < _data.RowOf.Length; row++)
        {
            int at = _data.RowOf[row];
            if (_validation?[at] != true && sampler.Draws((ulong)(_data.FirstRow + row)))
            {
                _counts[at]++;
            }
        }
    }
}
