using Shared.Scoring.Trees;

namespace Shared.Scoring.Explaining;

/// <summary>Contributions of columns to the raw scores of a row (Saabas, 2014): on the path down a tree, each branch changes the mean of
/// the leaves below; the change is the contribution of the branch's column. Baseline and contributions add up to the score.</summary>
internal sealed class PathContributions
{
    private readonly TreeForest _forest;

    // Per tree, branch and output, the mean of the leaves below, weighted by their shares of the training rows.
    private readonly double[][] _branchMeans;

    public PathContributions(TreeForest forest)
    {
        _forest = forest;
        _branchMeans = [.. forest.Trees.Select(ComputeBranchMeans)];
        Baseline = [.. forest.BaseValues.Select(b => (double)b)];
        for (int t = 0; t < forest.Trees.Count; t++)
        {
            for (int output = 0; output < Baseline.Length; output++)
            {
                Baseline[output] += Mean(t, forest.Trees[t].Root, output);
            }
        }
    }

    /// <summary>Per output, the mean score, of a row with no known value.</summary>
    public double[] Baseline { get; }

    /// <param name="row">One value per feature.</param>
    /// <param name="output">The raw score to explain.</param>
    /// <returns>Per feature, what it adds to the baseline.</returns>
    public double[] Compute(ReadOnlySpan<float> row, int output)
    {
        double[] contributions = new double[_forest.FeatureCount];
        for (int t = 0; t < _forest.Trees.Count; t++)
        {
            ForestTree tree = _forest.Trees[t];
            for (int at = tree.Root; at >= 0;)
            {
                int feature = tree.Feature[at];
                float value = row[feature];
                bool left = value <= tree.Threshold[at] || (float.IsNaN(value) && tree.MissingLeft[at]);
                int next = left ? tree.Left[at] : tree.Right[at];
                contributions[feature] += Mean(t, next, output) - Mean(t, at, output);
                at = next;
            }
        }

        return contributions;
    }

    private double Mean(int tree, int at, int output) =>
        at < 0 ? LeafValue(_forest.Trees[tree], ~at, output) : _branchMeans[tree][(at * _forest.OutputCount) + output];

    private double LeafValue(ForestTree tree, int leaf, int output) =>
        tree.Output < 0 ? tree.LeafValues[(leaf * _forest.OutputCount) + output]
        : tree.Output == output ? tree.LeafValues[leaf] : 0;

    private double[] ComputeBranchMeans(ForestTree tree)
    {
        double[] sums = new double[tree.Feature.Length * _forest.OutputCount];
        double[] shares = new double[tree.Feature.Length];

        // An explicit stack, because a long chain of branches would overflow the call stack.
        Stack<int> open = new();
        List<int> parentsFirst = [];
        Push(tree.Root);
        while (open.TryPop(out int at))
        {
            parentsFirst.Add(at);
            Push(tree.Left[at]);
            Push(tree.Right[at]);
        }

        for (int i = parentsFirst.Count - 1; i >= 0; i--)
        {
            int at = parentsFirst[i];
            Gather(at, tree.Left[at]);
            Gather(at, tree.Right[at]);
            for (int output = 0; output < _forest.OutputCount; output++)
            {
                sums[(at * _forest.OutputCount) + output] /= shares[at];
            }
        }

        return sums;

        void Push(int at)
        {
            if (at >= 0)
            {
                open.Push(at);
            }
        }

        void Gather(int parent, int child)
        {
            // A leaf that no training row reached has a tiny share, so that a branch of such leaves has a mean.
            double share = child >= 0 ? shares[child] : Math.Max(tree.LeafShares?[~child] ?? 1, 1e-12f);
            shares[parent] += share;
            for (int output = 0; output < _forest.OutputCount; output++)
            {
                double mean = child >= 0 ? sums[(child * _forest.OutputCount) + output] : LeafValue(tree, ~child, output);
                sums[(parent * _forest.OutputCount) + output] += share * mean;
            }
        }
    }
}
