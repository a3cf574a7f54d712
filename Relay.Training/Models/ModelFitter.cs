using Relay.Training.Data.Features;
using Relay.Training.Engines;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Trees;
using Shared.Contracts.Models;
using Shared.Scoring;

namespace Relay.Training.Models;

/// <summary>Trains the model that a spec asks for on encoded rows.</summary>
internal sealed class ModelFitter(EngineCatalog engines)
{
    /// <summary>Whether the training rows may be read straight into bins: a scaler, a choice of columns and a search need their values, counts and
    /// look-ups their texts.</summary>
    public bool TakesBins(ModelSpec spec) =>
        !Scales(spec) && spec is { Tune: null, Budget: null, Parameters.Features: null } && EncodingChoice.FitsBins(spec)
        && engines.Create(spec).TakesBins;

    /// <exception cref="TrainingException">The engine cannot train the spec.</exception>
    /// <exception cref="OperationCanceledException">Within a second of the request.</exception>
    public FittedModel Fit(TrainingJob job, LoadedData data, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ModelSpec spec = job.Spec;
        ModelSchema schema = SchemaOf(spec, data.Classes);
        IReadOnlyList<FeatureEncoding> encodings = UnusedTexts.Drop(data.Encoder.Encodings, spec.Parameters);
        TrainingSet train = data.Train;
        FeatureEncoding[] ofColumns = [.. FeatureEncoding.FeatureOfColumns(encodings).Select(f => encodings[f])];
        ColumnScaler? scaler = Scales(spec) ? ColumnScaler.Fit(train.Columns, c => ofColumns[c].Categories is null) : null;
        float[][]? scaled = scaler?.Apply(train.Columns);
        RequireFinite(scaled, train.Columns, ofColumns, data.Summary);
        if (spec.Algorithm is ModelAlgorithm.StandardScaler)
        {
            return new ScalerModel(schema, encodings, scaler!);
        }

        RequireTreeCount(spec, schema);
        TrainingSet rows = scaled is null ? train : train with { Columns = scaled! };
        IEnsembleTrainer trainer = engines.Create(spec, job.Threads, job.Checkpoint);
        if (trainer is IConvertingTrainer converting)
        {
            ConvertedEnsemble converted = converting.TrainAndConvert(rows, spec.Parameters, progress, cancellationToken);
            EnsembleMemory.Require(converted.Ensemble);
            return new TreeModel(schema, encodings, converted.Ensemble, scaler, converted);
        }

        TreeEnsemble ensemble = FeatureSubset.Train(trainer, rows, spec.Parameters, progress, cancellationToken);
        EnsembleMemory.Require(ensemble);
        return new TreeModel(schema, encodings, LookupTrees.Append(ensemble, encodings), scaler);
    }

    // The mean of values that are far apart may be farther from them than float32 holds.
    private static void RequireFinite(float[][]? scaled, float[][] columns, IReadOnlyList<FeatureEncoding> encodings, DataSummary summary)
    {
        for (int c = 0; c < scaled?.Length; c++)
        {
            if (Array.FindIndex(scaled[c], float.IsInfinity) is >= 0 and var row)
            {
                throw new TrainingException(
                    TrainingFault.InvalidData,
                    $"{summary.Source}, column '{encodings[c].Name}': the value {columns[c][row]:R} is too far from the " +
                        $"mean of the column for float32, "
                    + "so that scaling overflows; expected values within about 1e38 of each other: divide the column by a power of ten");
            }
        }
    }

    // Known before the first tree grows: a model that nodes cannot run without ONNX Runtime would come to light at the end only.
    private void RequireTreeCount(ModelSpec spec, ModelSchema schema)
    {
        if (engines.CountTreesOfClasses(spec, schema.Classes.Count) is { } trees && trees > ManagedScorer.MaxTrees)
        {
            throw new TrainingException(
                TrainingFault.InvalidSpec,
                $"spec, parameters.trees: {trees / schema.Classes.Count} for each of {schema.Classes.Count} classes make {trees} trees, "
                + $"expected at most {ManagedScorer.MaxTrees}; train fewer, or group classes in label.groups");
        }
    }

    private static bool Scales(ModelSpec spec) => spec.Algorithm is ModelAlgorithm.StandardScaler || spec.Parameters.Scale == true;

    private static ModelSchema SchemaOf(ModelSpec spec, IReadOnlyList<string> classes)
    {
        // How a text becomes numbers is a matter of the graph, and no part of what a row means.
        ColumnSpec[] inputs = [.. spec.Features.Select(f => f with { Encoding = null })];
        return spec.Task switch
        {
            ModelTask.Classification => new ModelSchema(inputs, classes, spec.Label.Benign),
            ModelTask.AnomalyDetection => new ModelSchema(inputs, ModelSchema.AnomalyClasses, ModelSchema.AnomalyClasses[0]) { Task = spec.Task },
            _ => new ModelSchema(inputs, []) { Task = spec.Task },
        };
    }
}
