using Benchmarks.Training;
using Relay.TestKit.Models;
using Relay.Training;
using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Engines;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Isolation;
using Relay.Training.Models;
using Relay.Training.Simulation;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Benchmarks.Scoring;

/// <summary>The models that the suite scores: shapes that are common, and three that were trained.</summary>
internal static class ScoringCases
{
    private const int Features = 29;
    private const int Classes = 5;
    private const int Rows = 4096;

    // What training with bytes for bins leaves of a column at most.
    private const int Thresholds = 254;

    public static IEnumerable<ScoringCase> All(CancellationToken cancellationToken)
    {
        yield return Shaped("100x6", RandomEnsemble.Create(Features, Classes, 100, 6, seed: 1, thresholds: Thresholds));
        yield return Shaped("100x31leaf", RandomEnsemble.LeafWise(Features, Classes, 100, 31, seed: 2, thresholds: Thresholds));
        yield return Shaped("500x6", RandomEnsemble.Create(Features, Classes, 500, 6, seed: 3, thresholds: Thresholds));
        yield return Shaped("100x10", RandomEnsemble.Create(Features, Classes, 100, 10, seed: 4, thresholds: Thresholds));
        yield return Isolation(cancellationToken);
        yield return Simulator(cancellationToken);
        if (BenchData.FindKdd99() is { } kdd)
        {
            DataSplit split = DataLoader.Load(kdd.Source, null, cancellationToken);
            yield return Trained(kdd.Id, kdd.Source.Spec, split, "38 numbers, 3 categories", cancellationToken);
        }
    }

    private static ScoringCase Shaped(string id, TreeEnsemble ensemble) => ScoringCase.Create(
        id, TreeModel.Classifier(ensemble, Numbers(), [.. Enumerable.Range(0, Classes).Select(c => $"class-{c}")]),
        RandomRows(), [], Rows, $"{ensemble.Trees.Count} trees, {ensemble.NodeCount} nodes, {Features} numbers, {Classes} classes");

    private static ScoringCase Isolation(CancellationToken cancellationToken)
    {
        float[] rows = RandomRows();
        float[][] columns = [.. Enumerable.Range(0, Features).Select(f => Enumerable.Range(0, Rows).Select(r => rows[(r * Features) + f]).ToArray())];
        TreeEnsemble forest = new IsolationForestTrainer().Train(new TrainingSet(columns, new int[Rows], 1), new(), null, cancellationToken);
        FeatureEncoding[] inputs = Numbers();
        ModelSchema schema = new(FeatureEncoding.Columns(inputs), ModelSchema.AnomalyClasses, ModelSchema.AnomalyClasses[0])
        {
            Task = ModelTask.AnomalyDetection,
        };
        return ScoringCase.Create(
            "isolation", new TreeModel(schema, inputs, forest), rows, [], Rows,
            $"{forest.Trees.Count} trees of 256 rows, {forest.NodeCount} nodes, {Features} numbers");
    }

    /// <summary>The spec that the relay's demonstration trains, on as many requests.</summary>
    private static ScoringCase Simulator(CancellationToken cancellationToken)
    {
        ModelSpec spec = ModelSpecParser.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "threat-classifier.json")));
        return Trained(
            "simulator", spec, SimulatedData.Create(spec, seed: 1, requests: 24_000, null, cancellationToken), "27 numbers", cancellationToken);
    }

    private static ScoringCase Trained(string id, ModelSpec spec, DataSplit split, string inputs, CancellationToken cancellationToken)
    {
        FittedModel model = new ModelFitter(EngineCatalog.CreateDefault()).Fit(
            new TrainingJob(spec, 1, new DataOrigin.Rows(split.Train, split.Test)), LoadedData.FromSplit(split, spec), null, cancellationToken);
        (float[] numbers, string[] categories, int rows) = ScoringCase.RowsOf(split.Test, Rows);
        return ScoringCase.Create(
            id, model, numbers, categories, rows, $"{model.TreeCount} trees, {model.NodeCount} nodes, {inputs}, {split.Train.Classes.Count} classes");
    }

    private static FeatureEncoding[] Numbers() => [.. Enumerable.Range(0, Features).Select(f => new FeatureEncoding($"feature-{f}", null))];

    private static float[] RandomRows()
    {
        Random random = new(5);
        return [.. Enumerable.Range(0, Rows * Features).Select(_ => random.NextSingle())];
    }
}
