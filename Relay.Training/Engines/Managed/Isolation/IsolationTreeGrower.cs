using Relay.Training.Engines.Common;
using Relay.Training.Trees;

namespace Relay.Training.Engines.Managed.Isolation;

/// <summary>Grows single isolation trees; one thread at a time uses it, for any number of trees in turn.</summary>
/// <param name="samples">Rows that each tree sees, at most the rows of the set.</param>
/// <param name="weights">Per row of the set, how likely it is drawn.</param>
internal sealed class IsolationTreeGrower(float[][] columns, IsolationParameters parameters, int samples, long[] weights)
{
    private readonly RowSubsampler _draw = new(weights);
    private readonly int[] _bag = new int[samples];
    private readonly int[] _columnOrder = new int[columns.Length];
    private readonly int _depthLimit = PathLength.Limit(samples);
    private readonly double _unit = -1 / (parameters.Trees * PathLength.OfUnsuccessfulSearch(samples));
    private TreeBuilder _tree = null!;
    private RandomStream _random;

    public Tree Grow(int index)
    {
        _random = new RandomStream(parameters.Seed, index);
        for (int c = 0; c < _columnOrder.Length; c++)
        {
            _columnOrder[c] = c;
        }

        _draw.Draw(ref _random, _bag);
        _tree = new TreeBuilder(output: 0, leafWidth: 1);
        GrowNode(_bag, 0, _columnOrder.Length);
        return _tree.Build();
    }

    /// <param name="open">How many of the first columns in their order may still vary here: one that does not in a node does not
    /// below it either.</param>
    private void GrowNode(Span<int> rows, int depth, int open)
    {
        ColumnRange range = depth < _depthLimit && rows.Length > 1 ? PickColumn(rows, ref open) : ColumnRange.None;
        if (range.Column < 0)
        {
            _tree.AddLeaf([(float)(_unit * (depth + PathLength.OfUnsuccessfulSearch(rows.Length)))]);
            return;
        }

        float threshold = range.Threshold(_random.Share());
        (int left, bool missingLeft) = Partition(rows, columns[range.Column], threshold);
        int node = _tree.AddSplit(range.Column, threshold, missingLeft);
        GrowNode(rows[..left], depth + 1, open);
        _tree.SetRight(node);
        GrowNode(rows[left..], depth + 1, open);
    }

    /// <returns>A random one of the columns that have two values or more in these rows.</returns>
    private ColumnRange PickColumn(ReadOnlySpan<int> rows, ref int open)
    {
        while (open > 0)
        {
            int pick = _random.Below(open);
            ColumnRange range = ColumnRange.Find(_columnOrder[pick], columns[_columnOrder[pick]], rows);
            if (range.Low < range.High)
            {
                return range;
            }

            open--;
            (_columnOrder[pick], _columnOrder[open]) = (_columnOrder[open], _columnOrder[pick]);
        }

        return ColumnRange.None;
    }

    /// <returns>Rows on the left, and where missing values go: where more of the values went, so that a gap alone makes no row
    /// strange.</returns>
    private static (int LeftRows, bool MissingLeft) Partition(Span<int> rows, float[] column, float threshold)
    {
        int balance = 0;
        foreach (int row in rows)
        {
            balance += column[row] <= threshold ? 1 : column[row] > threshold ? -1 : 0;
        }

        bool missingLeft = balance >= 0;
        int left = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            float value = column[rows[i]];
            if (value <= threshold || (missingLeft && float.IsNaN(value)))
            {
                (rows[left], rows[i]) = (rows[i], rows[left]);
                left++;
            }
        }

        return (left, missingLeft);
    }
}
