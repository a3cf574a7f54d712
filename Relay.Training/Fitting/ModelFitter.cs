using Relay.Training.Data;
using Relay.Training.Engines;
using Relay.Training.Ensembles;
using Shared.Contracts.Models;

namespace Relay.Training.Fitting;

/// <summary>Learns from encoded rows what a spec asks for.</summary>
internal static class ModelFitter
{
    /// <exception cref="TrainingException">The engine cannot train the spec.</exception>
    /// <exception cref="OperationCanceledException">Within a second of the request.</exception>
    public static FittedModel Fit(
        ModelSpec spec, TrainingSet train, IReadOnlyList<string> classes, IReadOnlyList<FeatureEncoding> encodings,
        IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ModelSchema schema = SchemaOf(spec, classes);
        bool isScaler = spec.Algorithm is ModelAlgorithm.StandardScaler;
        ColumnScaler? scaler = isScaler || spec.Parameters.Scale == true
            ? ColumnScaler.Fit(train.Columns, c => encodings[c].Categories is null)
            : null;
        if (isScaler)
        {
            return new ScalerModel(schema, encodings, scaler!);
        }

        TrainingSet rows = scaler is null ? train : train with { Columns = scaler.Apply(train.Columns) };
        TreeEnsemble ensemble = TrainerCatalog.Create(spec).Train(rows, spec.Parameters, progress, cancellationToken);
        return new TreeModel(schema, encodings, ensemble, scaler);
    }

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
