using Relay.Training.Export;
using Shared.Contracts.Models;

namespace Relay.Training.Evaluation;

/// <summary>Measures predicted numbers against the truth.</summary>
public static class RegressionEvaluator
{
    /// <param name="truth">The right number per row.</param>
    public static RegressionMetrics Evaluate(Predictions predictions, ReadOnlySpan<float> truth)
    {
        if (truth.Length != predictions.RowCount || predictions.Width != 1 || truth.IsEmpty)
        {
            throw new ArgumentException($"{truth.Length} rows of truth for {predictions.RowCount} predictions.", nameof(truth));
        }

        // A mean of equal numbers may differ from them in the last bit, so that their spread is not 0.
        bool isConstant = !truth.ContainsAnyExcept(truth[0]);
        double mean = 0;
        foreach (float value in truth)
        {
            mean += (double)value / truth.Length;
        }

        double squares = 0;
        double distances = 0;
        double spread = 0;
        for (int row = 0; row < truth.Length; row++)
        {
            double error = (double)predictions.Values[row] - truth[row];
            squares += error * error;
            distances += Math.Abs(error);
            spread += (truth[row] - mean) * (truth[row] - mean);
        }

        return new RegressionMetrics(
            truth.Length, Math.Sqrt(squares / truth.Length), distances / truth.Length, isConstant || spread == 0 ? null : 1 - (squares / spread));
    }
}
