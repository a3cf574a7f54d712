namespace Benchmarks.Scoring;

internal static partial class ScoringSuite
{
    static partial void MeasureMlNet(string id, ref (double OneRow, double Batch)? times, CancellationToken cancellation) =>
        times = PredictionEngineScorer.Measure(id, cancellation);
}
