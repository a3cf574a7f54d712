using Relay.Training.Trees;

namespace Relay.Training.Engines.Managed.Forest;

/// <summary>What the splits of a tree gain, by which pruning ranks them. For classes each row counts the less the more rows its class has in the
/// tree: by plain gains splits for rare classes are the last to be kept, and macro-F1 is lost with them.</summary>
internal static class RankedGains
{
    /// <param name="values">Per node, the shares of classes.</param>
    /// <param name="weights">Per node, what its rows weigh.</param>
    public static double[] Compute(Tree tree, double[] values, long[] weights, int classes)
    {
        double[] factors = new double[classes];
        for (int k = 0; k < classes; k++)
        {
            double rows = values[k] * weights[0];
            factors[k] = rows > 0 ? 1 / Math.Sqrt(rows) : 0;
        }

        double[] scores = new double[tree.NodeCount];
        for (int node = 0; node < scores.Length; node++)
        {
            double sum = 0;
            double squares = 0;
            for (int k = 0; k < classes; k++)
            {
                double rows = values[(node * classes) + k] * weights[node] * factors[k];
                sum += rows;
                squares += rows * rows;
            }

            scores[node] = squares / sum;
        }

        double[] gains = new double[tree.NodeCount];
        for (int node = 0; node < gains.Length; node++)
        {
            gains[node] = tree.Feature[node] < 0 ? 0 : Math.Max(0, scores[tree.Left[node]] + scores[tree.Right[node]] - scores[node]);
        }

        return gains;
    }
}
