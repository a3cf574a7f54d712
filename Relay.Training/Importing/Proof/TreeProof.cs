using Relay.Training.Trees;

namespace Relay.Training.Importing.Proof;

/// <summary>Proves that every converted tree sends rows at each of its thresholds, and one float32 to each side, to the leaf that the source sends
/// them to, and those of every category at each set. It costs one tree per row, so that no split of a large model is left out.</summary>
internal static class TreeProof
{
    // Values of leaves are rounded to float32 once or twice on the way.
    private const double LeafTolerance = 3e-7;

    /// <param name="columns">What the trees of the ensemble compare.</param>
    /// <param name="categories">Per feature of the source.</param>
    /// <param name="baseRows">Rows in the order of the source's features.</param>
    /// <returns>Rows compared.</returns>
    /// <exception cref="TrainingException">With ImportMismatch: the first row that differs.</exception>
    public static long Require(
        SourceReference source, TreeEnsemble ensemble, ConvertedColumns columns, IReadOnlyList<FeatureCategories> categories,
        IReadOnlyList<float[]> baseRows, RowText text, Action<long>? treesDone, CancellationToken cancellationToken)
    {
        if (source.Trees.Count != ensemble.Trees.Count)
        {
            throw new TrainingException(
                TrainingFault.ImportMismatch, $"the converted model has {ensemble.Trees.Count} trees, the source {source.Trees.Count}");
        }

        long rows = 0;
        for (int t = 0; t < source.Trees.Count; t++)
        {
            IReadOnlyList<SourceSplit> splits = source.Trees[t].Splits;
            for (int s = 0; s < splits.Count; s++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                float[] row = ThresholdRows.LeadingTo(splits, s, baseRows[s % baseRows.Count], categories);
                SourceSplit split = splits[s];
                foreach (float value in split.Set is { } set ? categories[split.Feature].ValuesAt(set) : ThresholdRows.ValuesAt(split.Threshold))
                {
                    row[split.Feature] = value;
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
            double leaf = expected.Leaf(row);
            float converted = columns.LeafOf(actual, row);
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
}
