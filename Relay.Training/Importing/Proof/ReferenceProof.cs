using Relay.Training.Trees;
using Shared.Contracts.Models;
using Shared.Platform.Threads;

namespace Relay.Training.Importing.Proof;

/// <summary>Proves converted trees against the rules of their source's format.</summary>
/// <param name="converted">The trees over the columns of the schema.</param>
/// <param name="bound">Per feature of the source, the column of the schema.</param>
internal sealed class ReferenceProof(SourceReference source, TreeEnsemble converted, int[] bound, RowText text) : ISourceProof
{
    // Half a unit in the last place of float32.
    private const double UnitRoundoff = 1.0 / (1 << 24);

    // Of the exponentials in float32, and of their sum.
    private readonly double _linkTolerance = GoldenComparison.ToleranceOf(converted.OutputCount);

    public long Thresholds => source.Trees.Sum(t => (long)t.Splits.Count);

    public long RoundedThresholds => source.Trees.Sum(t => t.Splits.LongCount(s => ThresholdRows.RoundDown(s.Threshold) != s.Threshold));

    public bool IsTotal => true;

    public long RequireTrees(IReadOnlyList<float[]> baseRows, Action<long>? done, CancellationToken cancellationToken) =>
        TreeProof.Require(source, converted, bound, [.. baseRows.Select(ToSource)], text, done, cancellationToken);

    public IReadOnlyList<float[]> RowsAtThresholds(IReadOnlyList<float[]> baseRows, int atMost)
    {
        long splits = Thresholds;
        long taken = Math.Min(splits, atMost / (ThresholdRows.AtThreshold + 1));
        List<float[]> rows = [];
        long seen = 0;
        foreach (SourceTree tree in source.Trees)
        {
            for (int s = 0; s < tree.Splits.Count; s++, seen++)
            {
                if (seen * taken / splits == (seen + 1) * taken / splits)
                {
                    continue;
                }

                float[] row = ThresholdRows.LeadingTo(tree.Splits, s, ToSource(baseRows[(int)(seen % baseRows.Count)]));
                foreach (float value in ThresholdRows.ValuesAt(tree.Splits[s].Threshold).Take(ThresholdRows.AtThreshold + 1))
                {
                    row[tree.Splits[s].Feature] = value;
                    rows.Add(FromSource(row));
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
            double[] values = source.Answer(ToSource(rows[row]), out double magnitude);

            // The error of a sum of float32 numbers in any order, each of them rounded (Higham, Accuracy and Stability, 4.2).
            answers[row] = new SourceAnswer(values, _linkTolerance + ((source.Trees.Count + 4) * UnitRoundoff * magnitude));
        });
        return answers;
    }

    private float[] ToSource(float[] row) => Array.ConvertAll(bound, column => row[column]);

    private float[] FromSource(float[] row)
    {
        float[] ours = new float[row.Length];
        for (int f = 0; f < row.Length; f++)
        {
            ours[bound[f]] = row[f];
        }

        return ours;
    }
}
