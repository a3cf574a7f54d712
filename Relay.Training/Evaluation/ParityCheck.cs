using Relay.Training.Export;
using Shared.Contracts.Models;

namespace Relay.Training.Evaluation;

/// <summary>Proves on held-out rows that the exported graph gives the trainer's answers.</summary>
public static class ParityCheck
{
    /// <summary>Raw scores are the same bits; what may differ is the last bit of an exponential.</summary>
    private const double OfAFewNumbers = 1e-6;

    /// <summary>The largest difference that rounding explains: 1e-6, and more for many classes.</summary>
    public static double ToleranceOf(Predictions trainer) =>
        Math.Max(OfAFewNumbers, GoldenComparison.ToleranceOf(trainer.Labels.Length > 0 ? trainer.Width : 0));

    /// <summary>Compares without judging. Where the trainer's own numbers are within <see cref="ToleranceOf"/> of another label, either
    /// is right; numbers above 1 may differ by that share of themselves.</summary>
    public static ParityReport Compare(Predictions trainer, Predictions graph)
    {
        if (trainer.RowCount != graph.RowCount || trainer.Width != graph.Width
            || trainer.Labels.Length != graph.Labels.Length)
        {
            throw new ArgumentException($"{graph.RowCount} rows against {trainer.RowCount}.", nameof(graph));
        }

        double worst = 0;
        for (int i = 0; i < trainer.Values.Length; i++)
        {
            double difference = Difference(trainer.Values[i], graph.Values[i]);

            // NaN is never a maximum: it has to count as a difference of its own.
            worst = difference <= worst ? worst : double.IsNaN(difference) ? double.PositiveInfinity : difference;
        }

        double tolerance = ToleranceOf(trainer);
        long disagreements = 0;
        for (int row = 0; row < trainer.Labels.Length; row++)
        {
            int actual = graph.Labels[row];
            disagreements += trainer.Labels[row] == actual || trainer.Margin(row, actual) <= tolerance ? 0 : 1;
        }

        return new ParityReport(trainer.RowCount, worst, disagreements);
    }

    // A scaler gives a missing value back: two NaN, and two infinities of one sign, are equal.
    private static double Difference(float expected, float actual) =>
        expected.Equals(actual) ? 0 : Math.Abs((double)expected - actual) / Math.Max(1, Math.Abs((double)expected));

    /// <summary>Says what is wrong where a label disagrees or a number is too far off; null where nothing is.</summary>
    /// <param name="tolerance">See <see cref="ToleranceOf"/>.</param>
    public static string? FindError(ParityReport report, double tolerance) => report.LabelDisagreements == 0 && report.MaxAbsDiff <= tolerance
        ? null
        : $"the exported graph is not the trained model: {report.LabelDisagreements} of {report.Rows} labels disagree and a "
          + $"number is off by {report.MaxAbsDiff:g3}, expected 0 and at most {tolerance:g2}";
}
