using Relay.Training.Data.Features;
using Relay.Training.Engines;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Checkpoints;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Models;

/// <summary>Trains the model that a spec asks for on encoded rows.</summary>
internal sealed class ModelFitter(EngineCatalog engines)
{
    /// <summary>Whether the training rows may be read straight into bins: a scaler needs their values.</summary>
    public bool TakesBins(ModelSpec spec) => !Scales(spec) && engines.Create(spec).TakesBins;

    /// <exception cref="TrainingException">The engine cannot train the spec.</exception>
    /// <exception cref="OperationCanceledException">Within a second of the request.</exception>
    public FittedModel Fit(
        ModelSpec spec, LoadedData data, TrainingCheckpoint? checkpoint, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ModelSchema schema = SchemaOf(spec, data.Classes);
        IReadOnlyList<FeatureEncoding> encodings = data.Encoder.Encodings;
        TrainingSet train = data.Train;
        ColumnScaler? scaler = Scales(spec) ? ColumnScaler.Fit(train.Columns, c => encodings[c].Categories is null) : null;
        if (spec.Algorithm is ModelAlgorithm.StandardScaler)
        {
            return new ScalerModel(schema, encodings, scaler!);
        }

        TrainingSet rows = scaler is null ? train : train with { Columns = scaler.Apply(train.Columns) };
        TreeEnsemble ensemble = engines.Create(spec, checkpoint: checkpoint).Train(rows, spec.Parameters, progress, cancellationToken);
        return new TreeModel(schema, encodings, ensemble, scaler);
    }

    private static bool Scales(ModelSpec spec) => spec.Algorithm is ModelAlgorithm.StandardScaler || spec.Parameters.Scale == true;

    private static ModelSchema SchemaOf(ModelSpec spec, IReadOnlyList<string> classes)
    {
        ColumnSpec[] inputs = [.. spec.Features];
        return spec.Task switch
        {
            ModelTask.Classification => new ModelSchema(inputs, classes, spec.Label.Benign),
            ModelTask.AnomalyDetection => new ModelSchema(inputs, ModelSchema.AnomalyClasses, ModelSchema.AnomalyClasses[0]) { Task = spec.Task },
            _ => new ModelSchema(inputs, []) { Task = spec.Task },
        };
    }
}
