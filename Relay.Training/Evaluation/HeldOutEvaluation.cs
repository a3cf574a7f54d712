using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common;
using Relay.Training.Export;
using Relay.Training.Models;
using Shared.Contracts.Models;

namespace Relay.Training.Evaluation;

/// <summary>Measures a model by its task.</summary>
internal static class HeldOutEvaluation
{
    /// <param name="predictions">What the model says of the held-out rows.</param>
    /// <param name="train">The encoded training rows.</param>
    /// <param name="test">The encoded held-out rows.</param>
    public static ModelMetrics Measure(FittedModel model, Predictions predictions, TrainingSet train, TrainingSet test, DataSet heldOut) =>
        model switch
        {
            ScalerModel scaler => ScalingEvaluator.Evaluate(scaler.Scaler, train.Columns, test.Columns),
            { Schema.Task: ModelTask.Regression } => RegressionEvaluator.Evaluate(predictions, heldOut.Targets),
            { Schema.Task: ModelTask.AnomalyDetection } =>
                AnomalyEvaluator.Evaluate(predictions, heldOut.Classes.Count == 0 ? null : heldOut.Labels),
            _ => ClassificationEvaluator.Evaluate(predictions, heldOut.Labels, heldOut.Classes),
        };
}
