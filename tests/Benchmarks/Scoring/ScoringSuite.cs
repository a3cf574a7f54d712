namespace Benchmarks.Scoring;

/// <summary>What a prediction costs on a node: the managed scorer against ONNX Runtime on one thread, bound once, against scikit-learn
/// from its pickle, and ML.NET's PredictionEngine; and whether managed scorer and ONNX Runtime give the same bits.</summary>
internal static class ScoringSuite
{
    private const string OneRow = "one row, with the lease and the checks of a call; rotating rows, medians of blocks in turns";
    private const string Batch = "a row of 1,024 at once";

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellation)
    {
        List<BenchRow> rows = [];
        int compared = 0;
        int differing = 0;
        foreach (ScoringCase model in ScoringCases.All(cancellation))
        {
            await Console.Error.WriteLineAsync($"{model.Id}: {model.Shape}");
            ScoringDuel duel = await Task.Run(() => ScoringDuel.Fight(model, cancellation), cancellation);
            rows.Add(Row($"one-row.{model.Id}.vs-onnxruntime", duel.OneRow, OneRow));
            rows.Add(Row($"batch.{model.Id}.vs-onnxruntime", duel.Batch, Batch));
            if (await SklearnScorer.MeasureAsync(model.Id, cancellation) is { } sklearn)
            {
                rows.Add(Row($"one-row.{model.Id}.vs-sklearn", (duel.OneRow.Ours, sklearn.OneRow), "scikit-learn, a model of that shape, from its pickle"));
                rows.Add(Row($"batch.{model.Id}.vs-sklearn", (duel.Batch.Ours, sklearn.Batch), Batch));
            }

            if (PredictionEngineScorer.Measure(model.Id, cancellation) is { } times)
            {
                rows.Add(Row($"one-row.{model.Id}.vs-mlnet", (duel.OneRow.Ours, times.OneRow), "ML.NET's PredictionEngine, a model of that shape"));
                rows.Add(Row($"batch.{model.Id}.vs-mlnet", (duel.Batch.Ours, times.Batch), "ML.NET, 1,024 rows by Transform or one by one, the faster way"));
            }

            rows.Add(new BenchRow($"scoring.allocated-bytes.{model.Id}", duel.AllocatedBytes, null, "B", null, "managed bytes per call"));
            compared += model.Rows;
            differing += duel.Differing;
        }

        rows.Add(new BenchRow("scoring.bit-exact", compared, differing, "rows", null, "rows compared with ONNX Runtime, and rows that differ in any bit"));
        return rows;
    }

    private static BenchRow Row(string id, (double Ours, double Peer) times, string note) =>
        BenchRow.LessIsBetter("scoring." + id, times.Ours, times.Peer, "us", note);
}
