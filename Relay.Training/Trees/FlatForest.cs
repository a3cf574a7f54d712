namespace Relay.Training.Trees;

/// <summary>An ensemble laid out for scoring: all nodes in one array, children by absolute index.</summary>
internal sealed class FlatForest
{
    private readonly Node[] nodes;
    private readonly int[] roots;
    private readonly int[] outputs;
    private readonly float[] leafValues;
    private readonly float[] baseValues;

    public FlatForest(TreeEnsemble ensemble)
    {
        nodes = new Node[ensemble.NodeCount];
        roots = new int[ensemble.Trees.Count];
        outputs = new int[ensemble.Trees.Count];
        leafValues = new float[ensemble.Trees.Sum(t => t.LeafValues.Length)];
        baseValues = ensemble.BaseValues;
        int node = 0;
        int leafStart = 0;
        for (int t = 0; t < roots.Length; t++)
        {
            Tree tree = ensemble.Trees[t];
            roots[t] = node;
            outputs[t] = tree.Output;
            int width = tree.Output < 0 ? ensemble.OutputCount : 1;
            for (int i = 0; i < tree.NodeCount; i++)
            {
                nodes[node + i] = tree.Feature[i] < 0
                    ? new Node(-1, 0, leafStart + (tree.Left[i] * width), 0, false)
                    : new Node(tree.Feature[i], tree.Threshold[i], node + tree.Left[i], node + tree.Right[i], tree.MissingLeft[i]);
            }

            tree.LeafValues.CopyTo(leafValues, leafStart);
            node += tree.NodeCount;
            leafStart += tree.LeafValues.Length;
        }
    }

    /// <summary>Raw scores of one row: leaf values in tree order in float32, base values last.</summary>
    public void Score(ReadOnlySpan<float> row, Span<float> scores)
    {
        scores.Clear();
        for (int t = 0; t < roots.Length; t++)
        {
            int leaf = Leaf(roots[t], row);
            if (outputs[t] >= 0)
            {
                scores[outputs[t]] += leafValues[leaf];
                continue;
            }

            for (int k = 0; k < scores.Length; k++)
            {
                scores[k] += leafValues[leaf + k];
            }
        }

        for (int k = 0; k < scores.Length; k++)
        {
            scores[k] += baseValues[k];
        }
    }

    private int Leaf(int at, ReadOnlySpan<float> row)
    {
        while (true)
        {
            ref readonly Node node = ref nodes[at];
            if (node.Feature < 0)
            {
                return node.Left;
            }

            float value = row[node.Feature];
            bool left = value <= node.Threshold || (node.MissingLeft && float.IsNaN(value));
            at = left ? node.Left : node.Right;
        }
    }

    private readonly record struct Node(int Feature, float Threshold, int Left, int Right, bool MissingLeft);
}
