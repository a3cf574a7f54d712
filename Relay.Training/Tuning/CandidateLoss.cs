using Relay.Training.Engines.Common;
using Relay.Training.Trees;

namespace Relay.Training.Tuning;

/// <summary>What a candidate is judged by: the mean over rows, each by its weight, of the log-loss or of the squared error.</summary>
internal static class CandidateLoss
{
    // What float32 holds next to 1.
    private const double LeastProbability = 1e-7;

    public static string FigureOf(TrainingSet set) => set.Targets is null ? "log-loss" : "squared-error";

    /// <returns>The sum over the rows, and their weight.</returns>
    public static (double Sum, double Weight) Measure(TreeEnsemble ensemble, TrainingSet tested, CancellationToken cancellationToken)
    {
        EnsembleEvaluator evaluator = new(ensemble);
        float[] answers = evaluator.Probabilities(tested.Columns, cancellationToken);
        double sum = 0;
        double total = 0;
        for (int row = 0; row < tested.RowCount; row++)
        {
            double weight = tested.SampleWeights?[row] ?? 1;
            ReadOnlySpan<float> own = answers.AsSpan(row * evaluator.ClassCount, evaluator.ClassCount);
            double loss = tested.Targets is { } targets
                ? Math.Pow((double)own[0] - targets[row], 2)
                : -Math.Log(Math.Max(own[tested.Labels[row]], LeastProbability));
            sum += weight * loss;
            total += weight;
        }

        return (sum, total);
    }
}
