using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.MlNet;
using Shared.Contracts.Models;

namespace Benchmarks.Scoring;

/// <summary>ML.NET's PredictionEngine, for batches its Transform where that is faster, with a model of the same shape that ML.NET fitted.
/// This folder is compiled where Microsoft.ML restores.</summary>
internal static class PredictionEngineScorer
{
    private const int Features = 29;
    private const int Classes = 5;
    private const int BatchRows = 1024;
    private const int Blocks = 20;
    private const int CallsPerBlock = 200;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.5);

    /// <returns>Microseconds of one row and of a row in a batch; null where ML.NET has no such model.</returns>
    public static (double OneRow, double Batch)? Measure(string id, CancellationToken cancellationToken)
    {
        if (ShapeOf(id) is not { } shape)
        {
            return null;
        }

        TrainingSet set = RandomRows(shape);
        MLContext context = new(seed: 1);
        ITransformer model = new TreeFitter(context, shape.Algorithm, shape.Parameters, Environment.ProcessorCount).Fit(set, cancellationToken).Chain;
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, shape.Features);
        Row[] rows = [.. Enumerable.Range(0, set.RowCount).Select(r => new Row { Features = [.. set.Columns.Select(c => c[r])] })];
        using PredictionEngine<Row, Answer> engine = context.Model.CreatePredictionEngine<Row, Answer>(model, inputSchemaDefinition: schema);
        Answer answer = new();
        double oneRow = MedianOf(
            CallsPerBlock,
            block =>
            {
                for (int i = 0; i < CallsPerBlock; i++)
                {
                    engine.Predict(rows[((block * CallsPerBlock) + i) % rows.Length], ref answer);
                }
            },
            cancellationToken);
        double batch = MedianOf(
            BatchRows,
            block =>
            {
                int first = block * 500 % (rows.Length - BatchRows);
                IDataView view = context.Data.LoadFromEnumerable(rows.AsSpan(first, BatchRows).ToArray(), schema);
                foreach (float[] scores in model.Transform(view).GetColumn<float[]>(nameof(Answer.Score)))
                {
                    GC.KeepAlive(scores);
                }
            },
            cancellationToken);

        // Transform spreads rows over threads, which costs more than it gains for many a model: its users would then go row by row.
        return (oneRow, Math.Min(oneRow, batch));
    }

    private static Shape? ShapeOf(string id) => id switch
    {
        "100x6" => new(ModelAlgorithm.RandomForest, Parameters(trees: 20, leaves: 64)),
        "100x31leaf" => new(ModelAlgorithm.GradientBoosting, Parameters(trees: 20, leaves: 31)),
        "500x6" => new(ModelAlgorithm.RandomForest, Parameters(trees: 100, leaves: 64)),
        "100x10" => new(ModelAlgorithm.RandomForest, Parameters(trees: 20, leaves: 1024)),
        "simulator" => new(ModelAlgorithm.RandomForest, Parameters(trees: 25, leaves: 234)) { Features = 27, Classes = 8 },
        "kdd99" => new(ModelAlgorithm.GradientBoosting, Parameters(trees: 100, leaves: 64)) { Features = 41 },
        _ => null,
    };

    // One class against all others: so many trees for each class.
    private static MlNetParameters Parameters(int trees, int leaves) => new(trees, leaves, LearningRate: 0.2, MinSamplesLeaf: 2, null, null, Seed: 1);

    private static TrainingSet RandomRows(Shape shape)
    {
        const int rows = 8000;
        Random random = new(1);
        float[][] columns = [.. Enumerable.Range(0, shape.Features).Select(
            _ => Enumerable.Range(0, rows).Select(_ => random.NextSingle()).ToArray())];
        return new TrainingSet(columns, [.. Enumerable.Range(0, rows).Select(_ => random.Next(shape.Classes))], shape.Classes);
    }

    private static double MedianOf(int rowsPerBlock, Action<int> score, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        for (int block = 0; Stopwatch.GetElapsedTime(start) < WarmUp; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            score(block);
        }

        List<double> times = [];
        for (int block = 0; block < Blocks; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            start = Stopwatch.GetTimestamp();
            score(block);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / rowsPerBlock);
        }

        return times.Order().ElementAt(Blocks / 2);
    }

    private sealed record Shape(ModelAlgorithm Algorithm, MlNetParameters Parameters)
    {
        public int Features { get; init; } = PredictionEngineScorer.Features;

        public int Classes { get; init; } = PredictionEngineScorer.Classes;
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
