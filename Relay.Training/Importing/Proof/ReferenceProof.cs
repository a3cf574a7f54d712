using Relay.Training.Trees;
using Shared.Contracts.Models;
using Shared.Platform.Threads;

namespace Relay.Training.Importing.Proof;

/// <summary>Proves converted trees against the rules of their source's format.</summary>
/// <param name="converted">The trees as the file has them.</param>
/// <param name="columns">What they compare.</param>
internal sealed class ReferenceProof(SourceReference source, TreeEnsemble converted, ConvertedColumns columns, SourceRows sourceRows) : ISourceProof
{
    // Half a unit in the last place of float32.
    private const double UnitRoundoff = 1.0 / (1 << 24);

    // Rows at one split, besides those of categories by themselves.
    private const int RowsAtSplit = ThresholdRows.AtThreshold + 1;

    // Of the exponentials in float32, and of their sum.
    private readonly double _linkTolerance = GoldenComparison.ToleranceOf(converted.OutputCount);

    public long Thresholds => source.Trees.Sum(t => (long)t.Splits.Count);

    public long RoundedThresholds =>
        source.Trees.Sum(t => t.Splits.LongCount(s => s.Set is null && ThresholdRows.RoundDown(s.Threshold) != s.Threshold));

    public bool IsTotal => true;

    public long RequireTrees(IReadOnlyList<float[]> baseRows, Action<long>? done, CancellationToken cancellationToken) => TreeProof.Require(
        source, converted, columns, sourceRows.Categories, [.. baseRows.Select(sourceRows.ToSource)], sourceRows.Text, done, cancellationToken);

    public IReadOnlyList<float[]> RowsAtThresholds(IReadOnlyList<float[]> baseRows, int atMost)
    {
        List<float[]> rows = [.. OfCategories(baseRows, atMost / 2)];
        long splits = Thresholds;
        long taken = Math.Min(splits, (atMost - rows.Count) / RowsAtSplit);
        int seen = 0;
        foreach (SourceTree tree in source.Trees)
        {
            for (int s = 0; s < tree.Splits.Count; s++, seen++)
            {
                if (seen * taken / splits == (seen + 1) * taken / splits)
                {
                    continue;
                }

                SourceSplit split = tree.Splits[s];
                float[] row = ThresholdRows.LeadingTo(
                    tree.Splits, s, sourceRows.ToSource(baseRows[seen % baseRows.Count]), sourceRows.Categories);
                foreach (float value in split.Set is { } set
                    ? sourceRows.Categories[split.Feature].Choose(set, seen)
                    : ThresholdRows.ValuesAt(split.Threshold).Take(RowsAtSplit))
                {
                    row[split.Feature] = value;
                    rows.Add(sourceRows.FromSource(row));
                }
            }
        }

        return rows;
    }

    public IReadOnlyList<SourceAnswer> Answer(IReadOnlyList<float[]> rows, CancellationToken cancellationToken)
    {
        SourceAnswer[] answers = new SourceAnswer[rows.Count];
        Parallel.For(0, answers.Length, ParallelWork.CreateOptions(cancellationToken: cancellationToken), row =>
        {
            double[] values = source.Answer(sourceRows.ToSource(rows[row]), out double magnitude);

            // The error of a sum of float32 numbers in any order, each of them rounded (Higham, Accuracy and Stability, 4.2).
            answers[row] = new SourceAnswer(values, _linkTolerance + ((source.Trees.Count + 4) * UnitRoundoff * magnitude));
        });
        return answers;
    }

    // Every category of every column, and a text or number that is none.
    private IEnumerable<float[]> OfCategories(IReadOnlyList<float[]> baseRows, int atMost)
    {
        int turn = 0;
        (int Column, IEnumerable<float> Values)[] columns = [.. sourceRows.ListCategories()];
        foreach ((int column, IEnumerable<float> values) in columns)
        {
            foreach (float value in values.Take(Math.Max(1, atMost / columns.Length)))
            {
                float[] row = [.. baseRows[turn++ % baseRows.Count]];
                row[column] = value;
                yield return row;
            }
        }
    }
}
