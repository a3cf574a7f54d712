namespace Relay.Training.Trees;

/// <summary>An ensemble laid out for scoring: all nodes in one array, children by absolute index.</summary>
internal sealed class FlatForest
{
    private readonly Node[] _nodes;
    private readonly int[] _roots;
    private readonly int[] _outputs;
    private readonly float[] _leafValues;
    private readonly float[] _baseValues;

    public FlatForest(TreeEnsemble ensemble)
    {
        _nodes = new Node[ensemble.NodeCount];
        _roots = new int[ensemble.Trees.Count];
        _outputs = new int[ensemble.Trees.Count];
        _leafValues = new float[ensemble.Trees.Sum(t => t.LeafValues.Length)];
        _baseValues = ensemble.BaseValues;
        int node = 0;
        int leafStart = 0;
        for (int t = 0; t < _roots.Length; t++)
        {
            Tree tree = ensemble.Trees[t];
            _roots[t] = node;
            _outputs[t] = tree.Output;
            int width = tree.Output < 0 ? ensemble.OutputCount : 1;
            for (int i = 0; i < tree.NodeCount; i++)
            {
                _nodes[node + i] = tree.Feature[i] < 0
                    ? new Node(-1, 0, leafStart + (tree.Left[i] * width), 0, false)
                    : new Node(tree.Feature[i], tree.Threshold[i], node + tree.Left[i], node + tree.Right[i], tree.MissingLeft[i]);
            }

            tree.LeafValues.CopyTo(_leafValues, leafStart);
            node += tree.NodeCount;
            leafStart += tree.LeafValues.Length;
        }
    }

    /// <summary>Raw scores of one row: leaf values in tree order in float32, base values last.</summary>
    public void Score(ReadOnlySpan<float> row, Span<float> scores)
    {
        scores.Clear();
        for (int t = 0; t < _roots.Length; t++)
        {
            int leaf = Leaf(_roots[t], row);
            if (_outputs[t] >= 0)
            {
                scores[_outputs[t]] += _leafValues[leaf];
                continue;
            }

            for (int k = 0; k < scores.Length; k++)
            {
                scores[k] += _leafValues[leaf + k];
            }
        }

        for (int k = 0; k < scores.Length; k++)
        {
            scores[k] += _baseValues[k];
        }
    }

    private int Leaf(int at, ReadOnlySpan<float> row)
    {
        while (true)
        {
            ref readonly Node node = ref _nodes[at];
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
