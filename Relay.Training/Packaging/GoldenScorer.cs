using Relay.Training.Data.Tables;
using Relay.Training.Export;
using Shared.Contracts.Models;
using Shared.Scoring;

namespace Relay.Training.Packaging;

/// <summary>Scores golden rows one at a time, by the scorer that nodes choose: the managed one, or ONNX Runtime where that does not run the
/// model.</summary>
internal sealed class GoldenScorer : IDisposable
{
    private readonly Action<int> _score;
    private readonly IDisposable _owned;

    private GoldenScorer(string name, Action<int> score, IDisposable owned) => (Name, _score, _owned) = (name, score, owned);

    public string Name { get; }

    public static GoldenScorer Open(byte[] artifact, GoldenVectors golden, ModelSchema schema)
    {
        if (ManagedScorer.Load(artifact, schema, out ManagedScorer? scorer) is null)
        {
            float[] outputs = new float[schema.OutputWidth];
            float[][] numbers = [.. golden.Numbers.Select(row => row.Select(n => n ?? float.NaN).ToArray())];
            string[][] categories = [.. golden.Categories.Select(row => row.ToArray())];
            return new GoldenScorer("the managed scorer", row => scorer!.Score(numbers[row], categories[row], rows: 1, outputs), scorer!);
        }

        OnnxSession session = new(artifact, schema);
        IReadOnlyList<DataColumn> all = GoldenRowBuilder.Columns(golden, schema);
        DataColumn[][] rows = [.. Enumerable.Range(0, golden.Rows).Select(row => all.Select(RowSelection.Range(row, 1).Take).ToArray())];
        return new GoldenScorer("ONNX Runtime", row => session.Predict(rows[row], 1), session);
    }

    /// <summary>Scores a golden row; the answer is not kept.</summary>
    public void Score(int row) => _score(row);

    public void Dispose() => _owned.Dispose();
}
