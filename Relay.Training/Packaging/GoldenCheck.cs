using Relay.Training.Data.Tables;
using Relay.Training.Export;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training.Packaging;

/// <summary>Makes golden vectors from rows, and proves that a finished file still gives them.</summary>
public static class GoldenCheck
{
    /// <summary>A score this close to the offset could get the other label on another processor, whose powers differ in the last bits.</summary>
    private const double MinMargin = 10 * GoldenComparison.AcrossProcessors;

    /// <summary>Returns the rows with the graph's answers, without rows whose score is too close to the offset of an anomaly detector,
    /// and those without a finite answer.</summary>
    /// <param name="offset">The score below which a row is an anomaly, or null.</param>
    /// <exception cref="TrainingException">With GoldenFailed: no row is left.</exception>
    public static GoldenVectors Answer(
        OnnxSession session, IReadOnlyList<DataColumn> columns, int rows, ModelSchema schema, float? offset = null)
    {
        // One at a time, as a node asks: the last bits of products of matrices depend on it.
        Predictions answers = session.Predict(columns, rows, blockRows: 1) with { Offset = offset };
        int[] kept =
            [.. Enumerable.Range(0, rows).Where(row => (offset is null || answers.Margin(row, 0) > MinMargin) && IsAnswer(answers, row, schema))];
        if (kept.Length == 0)
        {
            throw new TrainingException(
                TrainingFault.GoldenFailed, "every golden row scores what the offset is, or none has a finite answer: the model tells no rows apart");
        }

        DataColumn[] numbers = [.. columns.Where(c => c is NumberColumn)];
        DataColumn[] categories = [.. columns.Where(c => c is CategoryColumn)];
        return new GoldenVectors(
            ForEachRow(row => numbers.Select(c => Known(GoldenRowBuilder.NumberAt(c, row)))),
            ForEachRow(row => categories.Select(c => GoldenRowBuilder.TextAt(c, row))),
            schema.HasLabels ? [.. kept.Select(row => schema.Classes[answers.Labels[row]])] : [],
            ForEachRow(row => answers.Row(row).ToArray().Select(BitConverter.SingleToUInt32Bits)));

        IReadOnlyList<IReadOnlyList<T>> ForEachRow<T>(Func<int, IEnumerable<T>> cells) =>
            [.. kept.Select(row => (IReadOnlyList<T>)[.. cells(row)])];
    }

    /// <summary>Loads the file in ONNX Runtime and compares label and bits of every golden row, each as a row of its own, as a
    /// node asks.</summary>
    /// <returns>Which answer has another bit; null where none has.</returns>
    public static string? FindDifference(byte[] artifact, GoldenVectors golden, ModelSchema schema)
    {
        using OnnxSession session = new(artifact, schema);
        Predictions answers = session.Predict(GoldenRowBuilder.Columns(golden, schema), golden.Rows, blockRows: 1);
        for (int row = 0; row < answers.RowCount; row++)
        {
            string? label = schema.HasLabels ? schema.Classes[answers.Labels[row]] : null;
            if (GoldenComparison.Compare(golden, row, label, answers.Row(row)) is { } difference)
            {
                return $"golden vector {difference.Row} does not come out of the finished file: {difference.Detail}";
            }
        }

        return null;
    }

    /// <exception cref="TrainingException">With GoldenFailed: an answer has another bit.</exception>
    public static void Require(byte[] artifact, GoldenVectors golden, ModelSchema schema)
    {
        if (FindDifference(artifact, golden, schema) is { } difference)
        {
            throw new TrainingException(TrainingFault.GoldenFailed, difference);
        }
    }

    // A neural network has no answer to a missing value. What a scaler passes on is one.
    private static bool IsAnswer(Predictions answers, int row, ModelSchema schema) =>
        schema.Task is ModelTask.Scaling || answers.Row(row).IndexOfAnyNonFinite() < 0;

    private static float? Known(float value) => float.IsNaN(value) ? null : value;
}
