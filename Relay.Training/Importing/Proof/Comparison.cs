using Relay.Training.Export;
using Shared.Contracts.Models;
using Shared.Scoring;

namespace Relay.Training.Importing.Proof;

/// <summary>Compares answers row by row and ends at the first that differs.</summary>
/// <param name="managed">Null where the managed scorer does not run the model.</param>
internal sealed class Comparison(ModelSchema schema, SchemaRows schemaRows, ManagedScorer? managed)
{
    /// <summary>Where a probability leaves 0 to 1, or their sum is not 1, an output is no probability.</summary>
    private const double ProbabilityTolerance = 1e-3;

    private readonly double _managedTolerance = ManagedScorer.IsBitExact ? 0 : GoldenComparison.ToleranceOf(schema.Classes.Count);

    /// <summary>Rows without a finite answer, in the source as well as in the imported file.</summary>
    public long WithoutAnswer { get; private set; }

    /// <param name="isTotal">Whether every row has to have a finite answer.</param>
    /// <returns>The largest difference: absolute for numbers up to 1, relative for larger ones.</returns>
    /// <exception cref="TrainingException">With ImportMismatch.</exception>
    public double Require(float[][] rows, IReadOnlyList<SourceAnswer> expected, Predictions actual, bool isTotal)
    {
        float[] own = new float[schema.OutputWidth];
        double worst = 0;
        for (int row = 0; row < rows.Length; row++)
        {
            ReadOnlySpan<float> answer = actual.Row(row);
            if (!isTotal && HasNoAnswer(expected[row].Values, answer))
            {
                WithoutAnswer++;
                continue;
            }

            RequireProbabilities(rows[row], expected[row].Values);
            worst = Math.Max(worst, RequireClose(rows[row], expected[row], answer));
            RequireLabel(rows[row], expected[row], actual, row);
            if (managed is not null)
            {
                schemaRows.Score(managed, rows[row], own);
                RequireSame(rows[row], answer, own);
            }
        }

        return worst;
    }

    private static bool HasNoAnswer(double[] expected, ReadOnlySpan<float> answer)
    {
        bool isSame = true;
        for (int k = 0; k < answer.Length; k++)
        {
            isSame &= double.IsFinite(expected[k]) == float.IsFinite(answer[k]);
        }

        return isSame && !expected.All(double.IsFinite);
    }

    private double RequireClose(float[] row, SourceAnswer expected, ReadOnlySpan<float> answer)
    {
        double worst = 0;
        for (int k = 0; k < answer.Length; k++)
        {
            double size = Math.Max(1, Math.Abs(expected.Values[k]));
            double difference = expected.Values[k].Equals(answer[k]) ? 0 : Math.Abs(expected.Values[k] - answer[k]) / size;
            if (!(difference <= expected.Tolerance))
            {
                throw Differs(row, "the source", RowText.DescribeAnswer(expected.Values), "the imported file", Shown(answer));
            }

            worst = Math.Max(worst, difference);
        }

        return worst;
    }

    private void RequireLabel(float[] row, SourceAnswer expected, Predictions actual, int at)
    {
        if (!schema.HasLabels)
        {
            return;
        }

        int highest = expected.Label ?? 0;
        for (int k = 1; expected.Label is null && k < expected.Values.Length; k++)
        {
            highest = expected.Values[k] > expected.Values[highest] ? k : highest;
        }

        // Close to each other, either is right.
        int own = actual.Labels[at];
        if (own != highest && !(Math.Abs(expected.Values[highest] - expected.Values[own]) <= 2 * expected.Tolerance))
        {
            throw Differs(
                row, "the source", $"'{schema.Classes[highest]}' {RowText.DescribeAnswer(expected.Values)}", "the imported file",
                $"'{schema.Classes[own]}'");
        }
    }

    private void RequireProbabilities(float[] row, double[] values)
    {
        bool isAnswer = values.All(double.IsFinite)
            && (!schema.HasLabels || (Math.Abs(values.Sum() - 1) <= ProbabilityTolerance && values.Min() >= -ProbabilityTolerance));
        if (!isAnswer)
        {
            string wanted = schema.HasLabels ? "probabilities that sum to 1" : "a finite number";
            throw new TrainingException(
                TrainingFault.ImportMismatch,
                $"the source answers {RowText.DescribeAnswer(values)} for the row {schemaRows.Describe(row)}, expected {wanted}");
        }
    }

    // All NaN are equal: which one an operation gives depends on the processor.
    private void RequireSame(float[] row, ReadOnlySpan<float> answer, float[] own)
    {
        for (int k = 0; k < own.Length; k++)
        {
            bool isSame = BitConverter.SingleToUInt32Bits(answer[k]) == BitConverter.SingleToUInt32Bits(own[k])
                || Math.Abs((double)answer[k] - own[k]) <= _managedTolerance * Math.Max(1, Math.Abs(answer[k]));
            if (!isSame)
            {
                throw Differs(row, "ONNX Runtime", Shown(answer), "the managed scorer", Shown(own));
            }
        }
    }

    private static string Shown(ReadOnlySpan<float> values) => RowText.DescribeAnswer(values.ToArray().Select(v => (double)v));

    private TrainingException Differs(float[] row, string one, string answer, string other, string otherAnswer) => new(
        TrainingFault.ImportMismatch, $"{one} answers {answer} and {other} {otherAnswer} for the row {schemaRows.Describe(row)}");
}
