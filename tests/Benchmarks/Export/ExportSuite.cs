using System.Diagnostics;
using Relay.TestKit;
using Relay.TestKit.Models;
using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Engines;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.MlNet;
using Relay.Training.Specs;
using Shared.Contracts.Models;

namespace Benchmarks.Export;

/// <summary>The same model as our graph and as its own framework's converter writes it: bytes, and latency in ONNX Runtime on one
/// thread. XGBoost has no converter of its own; Debian has neither skl2onnx nor onnxmltools.</summary>
internal static class ExportSuite
{
    private const int Every = 5;
    private const int BatchRows = 4096;
    private const int Turns = 40;
    private const int SingleRows = 500;

    public static Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken) =>
        Task.Run(() => Run(cancellationToken), cancellationToken);

    private static IReadOnlyList<BenchRow> Run(CancellationToken cancellationToken)
    {
        if (SharedData.File(Path.Combine("kdd99", KddCup99.TrainFile)) is not { } train)
        {
            Console.Error.WriteLine("The export suite needs the KDD Cup 99 files in shared/data/kdd99 (or RELAY_SHARED_DATA).");
            return [];
        }

        DataSplit split = DataLoader.Load(KnownDataSets.Recognize(Path.GetDirectoryName(train)!, cancellationToken), null, cancellationToken);
        FeatureEncoder encoder = FeatureEncoder.Fit(split.Train);
        TrainingSet rows = EveryFew(encoder.Encode(split.Train));
        float[] test = RowMajor(encoder.Encode(split.Test), BatchRows);
        return
        [
            .. Compare("boosting", ModelAlgorithm.GradientBoosting, rows, test, split.Train.Classes, cancellationToken),
            .. Compare("forest", ModelAlgorithm.RandomForest, rows, test, split.Train.Classes, cancellationToken),
        ];
    }

    private static IEnumerable<BenchRow> Compare(
        string name, ModelAlgorithm algorithm, TrainingSet rows, float[] test, IReadOnlyList<string> classes, CancellationToken cancellationToken)
    {
        ModelSpec spec = KddCup99.Spec with { Algorithm = algorithm, Engine = MlNetEngine.EngineName };
        ConvertedEnsemble converted = ((IConvertingTrainer)EngineCatalog.CreateDefault().Create(spec)).TrainAndConvert(
            rows, spec.Parameters, null, cancellationToken);
        byte[] graph = MatrixGraph.Write(converted.Ensemble, classes);
        using MatrixModel ours = new(graph, MatrixGraph.Input, ModelSchema.ProbabilitiesOutput);
        using MatrixModel peer = new(converted.Onnx, converted.Input, converted.ScoreOutput);
        string note =
            $"ML.NET's model of {classes.Count} classes by our writer and by its converter; largest difference " +
                $"{Difference(ours, peer, test, rows.FeatureCount):g2}";
        (double own, double theirs) = Latency(ours, peer, test[..(SingleRows * rows.FeatureCount)], rows.FeatureCount, 1);
        (double ownBatch, double theirBatch) = Latency(ours, peer, test, rows.FeatureCount, BatchRows);
        string id = $"export.kdd99.{name}.";
        return
        [
            BenchRow.LowerIsBetter(id + "bytes.vs-mlnet", graph.Length, converted.Onnx.Length, "B", note),
            BenchRow.LowerIsBetter(id + "one-row.vs-mlnet", own, theirs, "us", "median of turns, one matrix input each"),
            BenchRow.LowerIsBetter(id + "batch.vs-mlnet", ownBatch, theirBatch, "us", $"per row, {BatchRows} rows a call"),
        ];
    }

    /// <summary>Microseconds per row, alternating, so that other load on the machine affects both.</summary>
    private static (double Ours, double Peer) Latency(MatrixModel ours, MatrixModel peer, float[] rows, int columns, int perCall)
    {
        float[][] calls = [.. rows.Chunk(columns * perCall)];
        List<double> own = [];
        List<double> other = [];
        for (int turn = 0; turn < Turns; turn++)
        {
            own.Add(Time(ours));
            other.Add(Time(peer));
        }

        return (Median(own), Median(other));

        double Time(MatrixModel model)
        {
            long start = Stopwatch.GetTimestamp();
            foreach (float[] call in calls)
            {
                model.Run(call, columns);
            }

            return Stopwatch.GetElapsedTime(start).TotalMicroseconds * columns / rows.Length;
        }
    }

    private static double Median(List<double> times) => times.Skip(Turns / 10).Order().ElementAt((times.Count - (Turns / 10)) / 2);

    private static double Difference(MatrixModel ours, MatrixModel peer, float[] rows, int columns) =>
        ours.Run(rows, columns).Zip(peer.Run(rows, columns)).Max(p => Math.Abs(p.First - p.Second));

    private static TrainingSet EveryFew(TrainingSet set) => new(
        [.. set.Columns.Select(c => c.Where((_, row) => row % Every == 0).ToArray())],
        [.. set.Labels.Where((_, row) => row % Every == 0)], set.ClassCount);

    private static float[] RowMajor(TrainingSet set, int rows) =>
        [.. Enumerable.Range(0, rows).SelectMany(row => set.Columns.Select(c => c[row]))];
}
