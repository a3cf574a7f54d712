using Relay.Training.Export;
using Shared.Contracts.Models;

namespace Relay.Training.Evaluation;

/// <summary>Measures the share of rows that an anomaly detector flags and, where anomalies are labeled, precision, recall and AUC.</summary>
public static class AnomalyEvaluator
{
    /// <param name="truth">Per row 0 for ordinary, 1 for a known anomaly; null where nothing is known.</param>
    public static AnomalyMetrics Evaluate(Predictions predictions, int[]? truth)
    {
        if (predictions.Offset is not { } offset || predictions.RowCount == 0 || (truth?.Length ?? predictions.RowCount) != predictions.RowCount)
        {
            throw new ArgumentException($"{truth?.Length} rows of truth for {predictions.RowCount} scores.", nameof(truth));
        }

        long flagged = predictions.Labels.LongCount(label => label == 1);
        double share = (double)flagged / predictions.RowCount;
        if (truth is null)
        {
            return new AnomalyMetrics(predictions.RowCount, share, offset);
        }

        long anomalies = truth.LongCount(t => t == 1);
        long caught = predictions.Labels.Zip(truth).LongCount(row => row is (1, 1));

        // A lower score means more anomalous.
        double? auc = RocCurve.Area(Array.ConvertAll(predictions.Values, score => -score), Array.ConvertAll(truth, t => t == 1));
        return new AnomalyMetrics(
            predictions.RowCount, share, offset, auc,
            flagged == 0 ? null : (double)caught / flagged, anomalies == 0 ? null : (double)caught / anomalies);
    }
}
