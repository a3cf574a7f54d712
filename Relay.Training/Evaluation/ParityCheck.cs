using Relay.Training.Onnx;
using Shared.Contracts.Models;

namespace Relay.Training.Evaluation;

/// <summary>Proves on rows that the exported graph and the trainer say the same.</summary>
public static class ParityCheck
{
    /// <summary>Raw scores are the same bits; what may differ is the last bit of an exponential.</summary>
    public const double Tolerance = 1e-6;

    /// <summary>Compares without judging. Where the trainer holds two classes equal to within <see cref="Tolerance"/>, either is
    /// the right label.</summary>
    public static ParityReport Compare(Predictions trainer, Predictions graph)
    {
        if (trainer.RowCount != graph.RowCount || trainer.ClassCount != graph.ClassCount)
        {
            throw new ArgumentException($"{graph.RowCount} rows against {trainer.RowCount}.", nameof(graph));
        }

        double worst = 0;
        for (int i = 0; i < trainer.Probabilities.Length; i++)
        {
            double difference = Math.Abs((double)trainer.Probabilities[i] - graph.Probabilities[i]);

            // NaN is never a maximum: it has to count as a difference of its own.
            worst = difference <= worst ? worst : double.IsNaN(difference) ? double.PositiveInfinity : difference;
        }

        long disagreements = 0;
        for (int row = 0; row < trainer.RowCount; row++)
        {
            int expected = trainer.Labels[row];
            int actual = graph.Labels[row];
            ReadOnlySpan<float> p = trainer.Row(row);
            disagreements += expected == actual || p[expected] - (double)p[actual] <= Tolerance ? 0 : 1;
        }

        return new ParityReport(trainer.RowCount, worst, disagreements);
    }

    /// <exception cref="TrainingException">With ParityFailed: a label disagrees or a probability is too far off.</exception>
    public static void Require(ParityReport report)
    {
        if (report.LabelDisagreements > 0 || !(report.MaxAbsDiff <= Tolerance))
        {
            throw new TrainingException(
                TrainingFault.ParityFailed,
                $"the exported graph is not the trained model: {report.LabelDisagreements} of {report.Rows} labels disagree and a "
                + $"probability is off by {report.MaxAbsDiff:g3}, expected 0 and at most {Tolerance:g1}");
        }
    }
}
