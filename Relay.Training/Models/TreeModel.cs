using Relay.Training.Data.Features;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Export;
using Relay.Training.Export.Parts;
using Relay.Training.Trees;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training.Models;

/// <summary>A tree ensemble, and the scaler before it where the spec asks for one.</summary>
public sealed class TreeModel : FittedModel
{
    private readonly TreeEnsemble _ensemble;
    private readonly ColumnScaler? _scaler;
    private readonly IndicatorColumns? _indicators;
    private readonly int[] _featureOfColumns;

    /// <exception cref="ArgumentException">The ensemble does not give what the schema promises.</exception>
    public TreeModel(
        ModelSchema schema, IReadOnlyList<FeatureEncoding> encodings, TreeEnsemble ensemble, ColumnScaler? scaler = null,
        ConvertedEnsemble? converted = null)
        : base(schema, encodings)
    {
        int columns = encodings.Sum(e => e.ComparedWidth);
        if (columns != ensemble.FeatureCount || ensemble.BaseValues.Length != ensemble.OutputCount)
        {
            throw new ArgumentException($"{columns} encoded columns for {ensemble.FeatureCount} features.", nameof(encodings));
        }

        if (!Fits(schema, ensemble))
        {
            throw new ArgumentException(
                $"{ensemble.OutputCount} outputs with the link {ensemble.Link} do not make a model for {schema.Task} "
                + $"with {schema.Classes.Count} classes.", nameof(ensemble));
        }

        (_ensemble, _scaler, Converted) = (ensemble, scaler, converted);
        _featureOfColumns = FeatureEncoding.FeatureOfComparedColumns(encodings);
        _indicators = IndicatorColumns.Create(encodings);
    }

    public override float? Offset => _ensemble.Offset;

    public override ConvertedEnsemble? Converted { get; }

    public override int TreeCount => _ensemble.Trees.Count;

    public override int NodeCount => _ensemble.NodeCount;

    public override IReadOnlyList<double>? Importance => _ensemble.Importance is { } ofColumns ? SumByFeature(ofColumns) : null;

    /// <summary>A classifier of trees and nothing else.</summary>
    /// <param name="classes">Class names in the order of the ensemble's outputs; the first is the benign one.</param>
    public static TreeModel Classifier(TreeEnsemble ensemble, IReadOnlyList<FeatureEncoding> encodings, IReadOnlyList<string> classes) =>
        new(new ModelSchema(FeatureEncoding.Columns(encodings), classes, classes[0]), encodings, ensemble);

    public override Predictions Score(float[][] columns, CancellationToken cancellationToken = default)
    {
        EnsembleEvaluator evaluator = new(_ensemble);
        float[] values = _indicators?.Score(evaluator, columns, cancellationToken)
            ?? evaluator.Probabilities(_scaler?.Apply(columns) ?? columns, cancellationToken);
        int[] labels = Schema.Task switch
        {
            ModelTask.Classification => EnsembleEvaluator.Labels(values, evaluator.ClassCount),
            ModelTask.AnomalyDetection => Array.ConvertAll(values, score => score < Offset ? 1 : 0),
            _ => [],
        };
        return new Predictions(evaluator.ClassCount, values, labels) { Offset = Offset };
    }

    // The sum of many exponentials, one after another in float32, is off by more than the graph's, which adds in several lanes.
    internal override Predictions ToParityReference(Predictions own) =>
        _ensemble.Link is Link.Softmax or Link.OneVersusAll ? own.Normalize() : own;

    internal override float[][] ToEnsembleInputs(float[][] columns) => _scaler?.Apply(columns) ?? columns;

    internal override FittedModel WithLeafCounts(float[][] columns, CancellationToken cancellationToken) => new TreeModel(
        Schema, Encodings,
        _ensemble with
        {
            LeafCounts = LeafCounter.Count(
                _ensemble, _indicators?.Sample(columns) ?? _scaler?.Apply(columns) ?? columns, cancellationToken),
        },
        _scaler);

    internal override void Write(GraphBuilder graph, string row)
    {
        if (_scaler is not null)
        {
            row = graph.Add(OnnxNames.MachineLearning, OnnxNames.Scaler, [row], _scaler.Attributes());
        }

        AttributeProto[] trees = TreeEnsembleOperator.Attributes(_ensemble);
        switch (Schema.Task)
        {
            case ModelTask.Classification:
                ClassificationPart.Write(graph, row, trees, _ensemble.Link, Schema.Classes);
                break;
            case ModelTask.AnomalyDetection:
                AnomalyPart.Write(graph, row, trees, Offset!.Value);
                break;
            default:
                graph.Output(
                    Schema.NumericOutput, TensorProto.Types.DataType.Float, 1,
                    OnnxNames.MachineLearning, OnnxNames.TreeEnsembleRegressor, [row], trees);
                break;
        }
    }

    internal override IEnumerable<(int Feature, float Threshold)> Thresholds(int atMost) =>
        Enumerable.Range(0, TreeCount == 0 ? 0 : atMost)
            .Select(i => _ensemble.Trees[(int)((long)i * TreeCount / atMost)])
            .Where(tree => tree.Feature[0] >= 0)
            .Select(tree => (_featureOfColumns[tree.Feature[0]], ThresholdAt(tree.Feature[0], tree.Threshold[0])))
            .Distinct();

    private float ThresholdAt(int column, float threshold) =>
        _indicators?.FindThreshold(column) ?? _scaler?.Invert(column, threshold) ?? threshold;

    private double[] SumByFeature(IReadOnlyList<double> ofColumns)
    {
        double[] sums = new double[Encodings.Count];
        for (int column = 0; column < ofColumns.Count; column++)
        {
            sums[_featureOfColumns[column]] += ofColumns[column];
        }

        return sums;
    }

    private static bool Fits(ModelSchema schema, TreeEnsemble ensemble) => schema.Task switch
    {
        ModelTask.Classification => schema.Classes.Count >= 2 && (ensemble.Link is Link.Sigmoid
            ? ensemble.OutputCount == 1 && schema.Classes.Count == 2
            : ensemble.Link is Link.Softmax or Link.OneVersusAll or Link.None && ensemble.OutputCount == schema.Classes.Count),
        ModelTask.Regression => ensemble is { OutputCount: 1, Link: Link.None },
        ModelTask.AnomalyDetection => ensemble is { OutputCount: 1, Link: Link.PathLength, Offset: not null },
        _ => false,
    };
}
