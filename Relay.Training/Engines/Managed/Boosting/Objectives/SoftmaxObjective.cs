using Relay.Training.Trees;

namespace Relay.Training.Engines.Managed.Boosting.Objectives;

/// <summary>Log-loss of one score per class.</summary>
/// <param name="labels">Class per row.</param>
/// <param name="start">Per class the score before the first tree.</param>
internal sealed class SoftmaxObjective(int[] labels, float[] start) : IObjective
{
    private readonly int _classes = start.Length;

    public Link Link => Link.Softmax;

    public float[] BaseValues { get; } = start;

    public int? GradientBoundBits => 0;

    public int FractionBits => LogLoss.FractionBits;

    public int LossBoundBits => LogLoss.BoundBits;

    // Twice the hessian, as XGBoost: it bounds the step where a row's class scores move against each other.
    public void Derive(int begin, int end, float[][] margins, double[][] gradients, double[][] hessians)
    {
        Span<float> scores = _classes <= 64 ? stackalloc float[_classes] : new float[_classes];
        Span<float> probabilities = _classes <= 64 ? stackalloc float[_classes] : new float[_classes];
        for (int row = begin; row < end; row++)
        {
            Score(row, margins, scores);
            Softmax.Apply(scores, probabilities);
            int label = labels[row];
            for (int k = 0; k < probabilities.Length; k++)
            {
                double p = probabilities[k];
                gradients[k][row - begin] = p - (k == label ? 1 : 0);
                hessians[k][row - begin] = 2 * p * (1 - p);
            }
        }
    }

    public double Loss(int row, float[][] margins)
    {
        float[] scores = new float[_classes];
        Score(row, margins, scores);
        Softmax.Apply(scores, scores);
        return LogLoss.Compute(scores[labels[row]]);
    }

    private void Score(int row, float[][] margins, Span<float> scores)
    {
        ReadOnlySpan<float> start = BaseValues;
        for (int k = 0; k < scores.Length; k++)
        {
            scores[k] = margins[k][row] + start[k];
        }
    }
}
