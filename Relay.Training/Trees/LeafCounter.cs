using Shared.Platform.Threads;

namespace Relay.Training.Trees;

/// <summary>Counts in which leaves rows end, whatever engine grew the trees: what explanations weigh leaves by.</summary>
internal static class LeafCounter
{
    // Enough for shares of a hundredth; more rows would cost more time than they tell.
    private const int MaxRows = 4096;

    /// <param name="columns">Encoded rows, one array per feature; evenly spread ones are taken.</param>
    /// <returns>Per tree and node the rows that ended there, 0 for a branch.</returns>
    public static IReadOnlyList<float[]> Count(TreeEnsemble ensemble, float[][] columns, CancellationToken cancellationToken)
    {
        int rows = columns.Length == 0 ? 0 : columns[0].Length;
        int taken = Math.Min(rows, MaxRows);
        int[] sample = [.. Enumerable.Range(0, taken).Select(i => (int)((long)i * rows / taken))];
        float[][] counts = new float[ensemble.Trees.Count][];
        Parallel.For(0, counts.Length, ParallelWork.CreateOptions(cancellationToken: cancellationToken), t =>
        {
            Tree tree = ensemble.Trees[t];
            counts[t] = new float[tree.NodeCount];
            foreach (int row in sample)
            {
                counts[t][Leaf(tree, columns, row)]++;
            }
        });
        return counts;
    }

    private static int Leaf(Tree tree, float[][] columns, int row)
    {
        int node = 0;
        while (tree.Feature[node] >= 0)
        {
            float value = columns[tree.Feature[node]][row];
            bool left = value <= tree.Threshold[node] || (tree.MissingLeft[node] && float.IsNaN(value));
            node = left ? tree.Left[node] : tree.Right[node];
        }

        return node;
    }
}
