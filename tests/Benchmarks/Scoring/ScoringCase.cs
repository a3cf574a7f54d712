using Google.Protobuf;
using Relay.Training.Data.Tables;
using Relay.Training.Models;
using Shared.Contracts.Models;
using Shared.Scoring;
using Shared.Scoring.Compilation;
using Sync.Client;
using Sync.Client.OnnxRuntime;
using Sync.Client.Scoring;

namespace Benchmarks.Scoring;

/// <summary>A model and rows to rotate through: one row over and over would train the branch predictor.</summary>
/// <param name="Id">As in the ids of rows.</param>
/// <param name="Numbers">Row after row.</param>
/// <param name="Categories">Row after row.</param>
/// <param name="Shape">What it is, for people.</param>
internal sealed record ScoringCase(string Id, byte[] Onnx, ModelSchema Schema, float[] Numbers, string[] Categories, int Rows, string Shape)
{
    /// <summary>How long a node measures kernels at try-out.</summary>
    private static readonly TimeSpan MeasuringTime = TimeSpan.FromSeconds(1);

    public int Width => Numbers.Length / Rows;

    public int CategoryCount => Categories.Length / Rows;

    public static ScoringCase Create(string id, FittedModel model, float[] numbers, string[] categories, int rows, string shape) =>
        new(id, OnnxGraphWriter.Write(model).ToByteArray(), model.Schema, numbers, categories, rows, shape);

    /// <summary>Every so many rows of a data set that there are about <paramref name="atMost"/>.</summary>
    public static (float[] Numbers, string[] Categories, int Rows) RowsOf(DataSet set, int atMost)
    {
        List<float> numbers = [];
        List<string> categories = [];
        int rows = Math.Min(atMost, set.Labels.Length);
        for (int i = 0; i < rows; i++)
        {
            int row = (int)((long)i * set.Labels.Length / rows);
            foreach (DataColumn column in set.Columns)
            {
                switch (column)
                {
                    case NumberColumn number:
                        numbers.Add(number.Values[row]);
                        break;
                    case CategoryColumn category:
                        categories.Add(category.Codes[row] < 0 ? "" : category.Categories[category.Codes[row]]);
                        break;
                }
            }
        }

        return ([.. numbers], [.. categories], rows);
    }

    public ModelScorer OnnxRuntime() => new(OnnxScorer.Load(Onnx, Schema), Version);

    /// <exception cref="InvalidOperationException">The managed scorer does not run this model: there is nothing to measure.</exception>
    public ModelScorer Managed(CancellationToken cancellationToken) =>
        ManagedScorer.Load(
            Onnx, Schema, new SampleRows(
                Math.Min(Rows, 256), Numbers[..(Math.Min(Rows, 256) * Width)], Categories[..(Math.Min(Rows, 256) * CategoryCount)]),
            MeasuringTime, out ManagedScorer? scorer, cancellationToken) is { } unsupported
            ? throw new InvalidOperationException($"{Id}: {unsupported}")
            : new ModelScorer(scorer!, Version);

    private ActiveModelVersion Version => new("bench", 1, "", Schema) { Offset = -0.5f };
}
