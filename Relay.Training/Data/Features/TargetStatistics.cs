using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Data.Features;

/// <summary>Per text of a category column, the mean of what is to be learned over the training rows that have it, drawn towards the mean of all
/// rows. A training row takes the mean over the rows of the other folds, so that it never sees its own label and a text of few rows is worth in
/// training what it is worth in use (target encoding with cross-fitting, as scikit-learn's TargetEncoder does it).</summary>
internal sealed class TargetStatistics : ITextStatistics
{
    public const int Folds = 5;

    // The mean of all rows counts as much as so many rows of the text.
    private const double PriorRows = 1;
    private static readonly HashSampler FoldSampler = new(42, 5, 1);

    private readonly int _stride;
    private readonly double _step;
    private readonly long[] _total;
    private readonly double[] _prior;
    private long[] _byFold;

    private TargetStatistics(int texts, int columns, double step, long[] byFold)
    {
        Columns = columns;
        _stride = columns + 1;
        _step = step;
        _byFold = byFold;
        _total = new long[texts * _stride];
        long[] all = new long[_stride];
        for (int i = 0; i < byFold.Length; i++)
        {
            int sum = i % _stride;
            _total[(i / (Folds * _stride) * _stride) + sum] += byFold[i];
            all[sum] += byFold[i];
        }

        _prior = [.. all[..columns].Select(sum => sum * step / Math.Max(1, all[columns]))];
    }

    public int Columns { get; }

    /// <summary>Sums over the rows of all shards.</summary>
    /// <param name="codes">Per row of this shard its text; less than 0 is a missing value.</param>
    /// <param name="texts">The number of texts.</param>
    /// <param name="firstRow">The number of this shard's first row among those of all shards.</param>
    public static TargetStatistics Fit(ReadOnlySpan<int> codes, int texts, TargetValues values, long firstRow, IShardGroup shards)
    {
        int stride = values.Columns + 1;
        long[] byFold = new long[checked(texts * Folds * stride)];
        for (int row = 0; row < codes.Length; row++)
        {
            if (codes[row] >= 0)
            {
                Span<long> sums = byFold.AsSpan(((codes[row] * Folds) + FoldOf(firstRow + row)) * stride, stride);
                values.Add(row, sums);
                sums[^1]++;
            }
        }

        shards.Sum(byFold);
        return new TargetStatistics(texts, values.Columns, values.Step, byFold);
    }

    /// <param name="row">The number of a training row among those of all shards.</param>
    public static int FoldOf(long row) => (int)(FoldSampler.Hash((ulong)row) % Folds);

    public float Value(int column, int text) => Mean(column, _total[(text * _stride) + column], RowsOf(text));

    public float OutOfFold(int column, int text, int fold)
    {
        int cell = (text * Folds) + fold;
        return Mean(column, _total[(text * _stride) + column] - _byFold[(cell * _stride) + column], RowsOf(text) - RowsOf(text, fold));
    }

    /// <summary>Training rows of a fold that have a text.</summary>
    public long RowsOf(int text, int fold) => _byFold[(((text * Folds) + fold) * _stride) + Columns];

    public void DropFolds() => _byFold = [];

    private long RowsOf(int text) => _total[(text * _stride) + Columns];

    private float Mean(int column, long sum, long rows) =>
        rows == 0 ? float.NaN : (float)(((sum * _step) + (PriorRows * _prior[column])) / (rows + PriorRows));
}
