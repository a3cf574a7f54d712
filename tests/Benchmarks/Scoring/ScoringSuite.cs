namespace Benchmarks.Scoring;

/// <summary>The cost of a prediction on a node: the managed scorer against ONNX Runtime on one thread, bound once, against scikit-learn
/// from its pickle, and ML.NET's PredictionEngine; and whether managed scorer and ONNX Runtime give the same bits.</summary>
internal static class ScoringSuite
{
    private const string OneRow = "one row, with the lease and the checks of a call; rotating rows, medians of blocks in turns";
    private const string Batch = "a row of 1,024 at once";

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        List<BenchRow> rows = [];
        int compared = 0;
        int differing = 0;
        foreach (ScoringCase model in ScoringCases.All(cancellationToken))
        {
            await Console.Error.WriteLineAsync($"{model.Id}: {model.Shape}");
            ScoringComparison comparison = await Task.Run(() => ScoringComparison.Measure(model, cancellationToken), cancellationToken);
            rows.Add(Row($"one-row.{model.Id}.vs-onnxruntime", comparison.OneRow, OneRow));
            rows.Add(Row($"batch.{model.Id}.vs-onnxruntime", comparison.Batch, Batch));
            if (await SklearnScorer.MeasureAsync(model.Id, cancellationToken) is { } sklearn)
            {
                rows.Add(Row($"one-row.{model.Id}.vs-sklearn", (comparison.OneRow.Ours, sklearn.OneRow),
                    "scikit-learn, a model of that shape, from its pickle"));
                rows.Add(Row($"batch.{model.Id}.vs-sklearn", (comparison.Batch.Ours, sklearn.Batch), Batch));
            }

            if (PredictionEngineScorer.Measure(model.Id, cancellationToken) is { } times)
            {
                rows.Add(
                    Row($"one-row.{model.Id}.vs-mlnet", (comparison.OneRow.Ours, times.OneRow), "ML.NET's PredictionEngine, a model of that shape"));
                rows.Add(Row($"batch.{model.Id}.vs-mlnet", (comparison.Batch.Ours, times.Batch),
                    "ML.NET, 1,024 rows by Transform or one by one, the faster way"));
            }

            rows.Add(new BenchRow($"scoring.allocated-bytes.{model.Id}", comparison.AllocatedBytes, null, "B", null, "managed bytes per call"));
            compared += model.Rows;
            differing += comparison.Differing;
        }

        rows.Add(new BenchRow(
            "scoring.bit-exact", compared, differing, "rows", null, "rows compared with ONNX Runtime, and rows that differ in any bit"));
        return rows;
    }

    private static BenchRow Row(string id, (double Ours, double Peer) times, string note) =>
        BenchRow.LowerIsBetter("scoring." + id, times.Ours, times.Peer, "us", note);
}
