using Relay.Training.Trees;

namespace Relay.Training.Engines.Managed.Boosting.Objectives;

/// <summary>Log-loss of one score, the log-odds of class 1 of two.</summary>
/// <param name="labels">Class per row.</param>
/// <param name="start">The score before the first tree.</param>
internal sealed class LogisticObjective(int[] labels, float start) : IObjective
{
    public Link Link => Link.Sigmoid;

    public float[] BaseValues { get; } = [start];

    public int? GradientBoundBits => 0;

    public int FractionBits => LogLoss.FractionBits;

    public int LossBoundBits => LogLoss.BoundBits;

    public void Derive(int begin, int end, float[][] margins, double[][] gradients, double[][] hessians)
    {
        for (int row = begin; row < end; row++)
        {
            double p = Probability(row, margins);
            gradients[0][row - begin] = p - labels[row];
            hessians[0][row - begin] = p * (1 - p);
        }
    }

    public double Loss(int row, float[][] margins)
    {
        double p = Probability(row, margins);
        return LogLoss.Compute(labels[row] == 1 ? p : 1 - p);
    }

    private double Probability(int row, float[][] margins) => 1 / (1 + MathF.Exp(-(margins[0][row] + BaseValues[0])));
}
