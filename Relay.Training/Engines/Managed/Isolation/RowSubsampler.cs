using Relay.Training.Engines.Common;

namespace Relay.Training.Engines.Managed.Isolation;

/// <summary>Draws rows without putting back, each with a chance in proportion to its weight among those left (a Fenwick tree
/// over the weights: a draw takes steps in the logarithm of the rows).</summary>
internal sealed class RowSubsampler
{
    private readonly long[] _weights;
    private readonly long[] _partial;
    private long _total;

    /// <param name="weights">Per row, above 0; their sum stays below 2^63.</param>
    public RowSubsampler(long[] weights)
    {
        _weights = weights;
        _partial = new long[weights.Length + 1];
        for (int row = 0; row < weights.Length; row++)
        {
            _total += weights[row];
            int node = row + 1;
            _partial[node] += weights[row];
            int above = node + (node & -node);
            if (above < _partial.Length)
            {
                _partial[above] += _partial[node];
            }
        }
    }

    /// <summary>Fills <paramref name="rows"/>, which is no longer than there are rows. All rows are there again afterwards.</summary>
    public void Draw(ref RandomStream random, Span<int> rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = At(random.Below(_total));
            Add(rows[i], -_weights[rows[i]]);
        }

        foreach (int row in rows)
        {
            Add(row, _weights[row]);
        }
    }

    // The row in whose stretch of the summed weights a place lies.
    private int At(long place)
    {
        int node = 0;
        for (int step = 1 << int.Log2(_partial.Length - 1); step > 0; step >>= 1)
        {
            if (node + step < _partial.Length && _partial[node + step] <= place)
            {
                node += step;
                place -= _partial[node];
            }
        }

        return node;
    }

    private void Add(int row, long weight)
    {
        _total += weight;
        for (int node = row + 1; node < _partial.Length; node += node & -node)
        {
            _partial[node] += weight;
        }
    }
}
