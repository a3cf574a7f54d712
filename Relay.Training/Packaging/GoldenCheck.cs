using Relay.Training.Data;
using Relay.Training.Onnx;
using Shared.Contracts.Models;

namespace Relay.Training.Packaging;

/// <summary>Makes golden vectors from rows, and proves that a finished file still gives them.</summary>
public static class GoldenCheck
{
    /// <summary>The rows with the answers that the graph gives.</summary>
    public static GoldenVectors Answer(OnnxSession session, IReadOnlyList<DataColumn> columns, int rows, IReadOnlyList<string> classes)
    {
        Predictions answers = session.Predict(columns, rows);
        DataColumn[] numbers = [.. columns.Where(c => c is NumberColumn)];
        DataColumn[] categories = [.. columns.Where(c => c is CategoryColumn)];
        return new GoldenVectors(
            ForEachRow(row => numbers.Select(c => Known(GoldenRowBuilder.NumberAt(c, row)))),
            ForEachRow(row => categories.Select(c => GoldenRowBuilder.TextAt(c, row))),
            [.. answers.Labels.Select(label => classes[label])],
            ForEachRow(row => answers.Row(row).ToArray().Select(BitConverter.SingleToUInt32Bits)));

        IReadOnlyList<IReadOnlyList<T>> ForEachRow<T>(Func<int, IEnumerable<T>> cells) =>
            [.. Enumerable.Range(0, rows).Select(row => (IReadOnlyList<T>)[.. cells(row)])];
    }

    /// <summary>Loads the file in ONNX Runtime and compares label and bits of every golden row, each as a row of its own, as a
    /// node asks.</summary>
    /// <exception cref="TrainingException">With GoldenFailed: an answer has another bit.</exception>
    public static void Require(byte[] artifact, GoldenVectors golden, ModelSchema schema)
    {
        using OnnxSession session = new(artifact, schema.Classes);
        Predictions answers = session.Predict(GoldenRowBuilder.Columns(golden, schema), golden.Labels.Count, blockRows: 1);
        for (int row = 0; row < answers.RowCount; row++)
        {
            if (GoldenComparison.Compare(golden, row, schema.Classes[answers.Labels[row]], answers.Row(row)) is { } difference)
            {
                throw new TrainingException(
                    TrainingFault.GoldenFailed, $"golden vector {difference.Row} does not come out of the finished file: {difference.Detail}");
            }
        }
    }

    private static float? Known(float value) => float.IsNaN(value) ? null : value;
}
