namespace Sync.Client.Runtime.Managed.Kernels;

/// <summary>Walks tree after tree, as the standard describes it. What tests hold every other kernel against, and the kernel
/// for forests too small to be worth preparing.</summary>
internal sealed class PlainKernel(TreeForest forest) : ForestKernel(forest)
{
    private readonly ForestTree[] _trees = [.. forest.Trees];
    private readonly float[] _baseValues = forest.BaseValues;

    public override string Name => "plain";

    public override void Score(ReadOnlySpan<float> row, Span<float> scores)
    {
        scores = scores[..OutputCount];
        scores.Clear();
        foreach (ForestTree tree in _trees)
        {
            int leaf = Leaf(tree, row);
            if (tree.Output >= 0)
            {
                scores[tree.Output] += tree.LeafValues[leaf];
                continue;
            }

            ReadOnlySpan<float> values = tree.LeafValues.AsSpan(leaf * scores.Length, scores.Length);
            for (int output = 0; output < scores.Length; output++)
            {
                scores[output] += values[output];
            }
        }

        for (int output = 0; output < scores.Length; output++)
        {
            scores[output] += _baseValues[output];
        }
    }

    private static int Leaf(ForestTree tree, ReadOnlySpan<float> row)
    {
        int at = tree.Root;
        while (at >= 0)
        {
            float value = row[tree.Feature[at]];
            bool left = value <= tree.Threshold[at] || (tree.MissingLeft[at] && float.IsNaN(value));
            at = left ? tree.Left[at] : tree.Right[at];
        }

        return ~at;
    }
}
