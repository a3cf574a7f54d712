using Relay.Training.Trees;

namespace Relay.Training.Importing.Proof;

/// <summary>Proves that every converted tree sends rows at each of its thresholds, and one float32 to each side, to the leaf that the source sends
/// them to. It costs one tree per row, so that no split of a large model is left out.</summary>
internal static class TreeProof
{
    // Values of leaves are rounded to float32 once or twice on the way.
    private const double LeafTolerance = 3e-7;

    /// <param name="bound">Per feature of the source, the column of the ensemble.</param>
    /// <param name="baseRows">Rows in the order of the source's features.</param>
    /// <returns>Rows compared.</returns>
    /// <exception cref="TrainingException">With ImportMismatch: the first row that differs.</exception>
    public static long Require(
        SourceReference source, TreeEnsemble ensemble, int[] bound, IReadOnlyList<float[]> baseRows, RowText text, Action<long>? treesDone,
        CancellationToken cancellationToken)
    {
        if (source.Trees.Count != ensemble.Trees.Count)
        {
            throw new TrainingException(
                TrainingFault.ImportMismatch, $"the converted model has {ensemble.Trees.Count} trees, the source {source.Trees.Count}");
        }

        long rows = 0;
        float[] ours = new float[bound.Length];
        for (int t = 0; t < source.Trees.Count; t++)
        {
            IReadOnlyList<SourceSplit> splits = source.Trees[t].Splits;
            for (int s = 0; s < splits.Count; s++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                float[] row = ThresholdRows.LeadingTo(splits, s, baseRows[s % baseRows.Count]);
                foreach (float value in ThresholdRows.ValuesAt(splits[s].Threshold))
                {
                    row[splits[s].Feature] = value;
                    Compare(source.Trees[t], ensemble.Trees[t], t, row);
                    rows++;
                }
            }

            // A tree that is one leaf has no threshold, and still a value.
            Compare(source.Trees[t], ensemble.Trees[t], t, baseRows[0]);
            treesDone?.Invoke(t + 1);
        }

        return rows;

        void Compare(SourceTree expected, Tree actual, int number, float[] row)
        {
            for (int f = 0; f < row.Length; f++)
            {
                ours[bound[f]] = row[f];
            }

            double leaf = expected.Leaf(row);
            float converted = LeafOf(actual, ours);
            if (expected.Output != actual.Output || !(Math.Abs(leaf - converted) <= (Math.Abs(leaf) * LeafTolerance) + float.Epsilon))
            {
                throw new TrainingException(
                    TrainingFault.ImportMismatch,
                    $"tree {number}: the source adds {leaf:R} to output {expected.Output}, the converted tree " +
                        $"{converted:R} to output {actual.Output}, "
                    + $"for the row {text.Describe(row)}");
            }
        }
    }

    private static float LeafOf(Tree tree, float[] row)
    {
        int node = 0;
        while (tree.Feature[node] >= 0)
        {
            float value = row[tree.Feature[node]];
            node = value <= tree.Threshold[node] || (tree.MissingLeft[node] && float.IsNaN(value)) ? tree.Left[node] : tree.Right[node];
        }

        return tree.LeafValues[tree.Left[node]];
    }
}
