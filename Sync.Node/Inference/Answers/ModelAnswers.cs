using System.Buffers;
using Shared.Contracts.Models;
using Sync.Client;

namespace Sync.Node.Inference.Answers;

/// <summary>Calls a model by the method of its task.</summary>
internal static class ModelAnswers
{
    /// <summary>Computes the answers of rows.</summary>
    /// <param name="answer">Receives them; of the version that the caller expects.</param>
    /// <returns>The digest of the version that answered, which is another one where a swap came between.</returns>
    /// <exception cref="RelayModelException">The model gives no answer.</exception>
    public static string Compute(IRelayModel model, RowBuffers rows, InferAnswer answer) => answer.Version.Schema.Task switch
    {
        ModelTask.Classification => Classify(model, rows, answer),
        ModelTask.AnomalyDetection => Score(model, rows, answer),
        ModelTask.Regression => Predict(model, rows, answer),
        _ => model.Transform(rows.Numbers, answer.Numbers).Sha256,
    };

    private static string Classify(IRelayModel model, RowBuffers rows, InferAnswer answer)
    {
        Prediction[] rented = ArrayPool<Prediction>.Shared.Rent(rows.Rows);
        Span<Prediction> predictions = rented.AsSpan(0, rows.Rows);
        try
        {
            model.PredictBatch(rows.Numbers, rows.Categories, predictions, answer.Numbers);
            for (int row = 0; row < predictions.Length; row++)
            {
                answer.Labels[row] = predictions[row].Label;
            }

            return predictions[0].Sha256;
        }
        finally
        {
            ArrayPool<Prediction>.Shared.Return(rented);
        }
    }

    private static string Score(IRelayModel model, RowBuffers rows, InferAnswer answer)
    {
        AnomalyScore[] rented = ArrayPool<AnomalyScore>.Shared.Rent(rows.Rows);
        Span<AnomalyScore> scores = rented.AsSpan(0, rows.Rows);
        try
        {
            model.ScoreSamplesBatch(rows.Numbers, rows.Categories, scores);
            for (int row = 0; row < scores.Length; row++)
            {
                answer.Numbers[row] = scores[row].Score;
                answer.Labels[row] = ModelSchema.AnomalyClasses[scores[row].IsAnomaly ? 1 : 0];
            }

            return scores[0].Sha256;
        }
        finally
        {
            ArrayPool<AnomalyScore>.Shared.Return(rented);
        }
    }

    private static string Predict(IRelayModel model, RowBuffers rows, InferAnswer answer)
    {
        PredictedValue[] rented = ArrayPool<PredictedValue>.Shared.Rent(rows.Rows);
        Span<PredictedValue> values = rented.AsSpan(0, rows.Rows);
        try
        {
            model.PredictValueBatch(rows.Numbers, rows.Categories, values);
            for (int row = 0; row < values.Length; row++)
            {
                answer.Numbers[row] = values[row].Value;
            }

            return values[0].Sha256;
        }
        finally
        {
            ArrayPool<PredictedValue>.Shared.Return(rented);
        }
    }
}
