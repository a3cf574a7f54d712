using Relay.Training.Engines.Binning;
using Relay.Training.Ensembles;

namespace Relay.Training.Engines.Boosting;

/// <summary>Derivatives of the log-loss at the scores that the trees so far give.</summary>
/// <param name="margins">Per tree of a round, the raw score of each row.</param>
internal sealed class Objective(BinnedRows data, GradientTable gradients, float[][] margins)
{
    private const int BlockRows = 4096;

    /// <summary>Fills the table of derivatives.</summary>
    /// <returns>Per tree, their sums over all rows.</returns>
    public unsafe GradientSum[] Derive(int threads, CancellationToken cancellationToken)
    {
        long[] first = new long[margins.Length];
        long[] second = new long[margins.Length];
        WorkerLoop.Run(
            (data.RowCount + BlockRows - 1) / BlockRows,
            threads,
            () => (Scores: new float[margins.Length], Probabilities: new float[margins.Length]),
            (scratch, block) =>
            {
                int start = block * BlockRows;
                int end = Math.Min(data.RowCount, start + BlockRows);
                if (margins.Length == 1)
                {
                    DeriveLogistic(start, end);
                }
                else
                {
                    DeriveSoftmax(start, end, scratch.Scores, scratch.Probabilities);
                }

                for (int tree = 0; tree < margins.Length; tree++)
                {
                    GradientSum sum = Sum(gradients.Pairs(tree), start, end);
                    Interlocked.Add(ref first[tree], sum.First);
                    Interlocked.Add(ref second[tree], sum.Second);
                }
            },
            cancellationToken);
        return [.. first.Zip(second, (f, s) => new GradientSum(f, s))];
    }

    private void DeriveLogistic(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            double p = 1 / (1 + MathF.Exp(-margins[0][row]));
            gradients.Set(0, row, p - data.Labels[row], p * (1 - p), data.Weights[row]);
        }
    }

    // Twice the second derivative, as XGBoost: it bounds the step where a row's class scores move against each other.
    private void DeriveSoftmax(int start, int end, float[] scores, float[] probabilities)
    {
        for (int row = start; row < end; row++)
        {
            for (int k = 0; k < scores.Length; k++)
            {
                scores[k] = margins[k][row];
            }

            Softmax.Apply(scores, probabilities);
            int label = data.Labels[row];
            int weight = data.Weights[row];
            for (int k = 0; k < scores.Length; k++)
            {
                double p = probabilities[k];
                gradients.Set(k, row, p - (k == label ? 1 : 0), 2 * p * (1 - p), weight);
            }
        }
    }

    private static unsafe GradientSum Sum(int* pairs, int start, int end)
    {
        long first = 0;
        long second = 0;
        for (int row = start; row < end; row++)
        {
            first += pairs[2 * row];
            second += pairs[(2 * row) + 1];
        }

        return new GradientSum(first, second);
    }
}
