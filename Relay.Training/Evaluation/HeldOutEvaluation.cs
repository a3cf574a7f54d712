using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common;
using Relay.Training.Export;
using Relay.Training.Models;
using Shared.Contracts.Models;

namespace Relay.Training.Evaluation;

/// <summary>Measures a model by its task.</summary>
internal static class HeldOutEvaluation
{
    /// <summary>Refuses answers that no figure can be computed from.</summary>
    /// <exception cref="TrainingException">A sum or a scaled number of a held-out row overflows.</exception>
    public static void RequireFinite(FittedModel model, Predictions predictions, DataSet heldOut)
    {
        if (Array.FindIndex(predictions.Values, float.IsInfinity) is not (>= 0 and var at))
        {
            return;
        }

        (int row, int output) = (at / predictions.Width, at % predictions.Width);
        string what = model is ScalerModel
            ? $"column '{model.Schema.Inputs[output].Name}': scaling the value {((NumberColumn)heldOut.Columns[output]).Values[row]:R} overflows " +
                $"float32"
            : "the sum of the trees overflows float32";
        throw new TrainingException(
            TrainingFault.InvalidData,
            $"{heldOut.Summary.Source}, held-out row {row + 1}: {what}; expected numbers whose range float32 holds many times over");
    }

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
