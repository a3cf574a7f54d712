using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Export;
using Relay.Training.Models;
using Shared.Contracts.Models;

namespace Relay.Training.Evaluation.Reports;

/// <summary>Measures what a model card shows beyond the figures of the task. Equal rows and answers give equal reports.</summary>
internal static class EvaluationReporter
{
    private const int AnomalyClass = 1;

    /// <param name="answers">What the model says of the held-out rows.</param>
    /// <param name="training">Per feature, the training rows; empty where there are none.</param>
    /// <param name="trainingRows">Training rows per class; empty where there are none.</param>
    public static EvaluationReport Create(
        ModelSpec spec, FittedModel model, Predictions answers, DataSet heldOut, IReadOnlyList<ColumnProfile> training,
        IReadOnlyDictionary<string, long> trainingRows)
    {
        EvaluationReport report = new()
        {
            Columns = DriftMeasure.Compare(heldOut, training, model.Encodings),
            ColumnCount = heldOut.Columns.Count,
            Fairness = GroupFairness.Measure(spec, answers, heldOut),
            LabelDrift = DriftMeasure.FindLabelDrift(heldOut.Summary.ClassRows, trainingRows),
        };
        return model.Schema.Task switch
        {
            ModelTask.Classification => Classify(report, answers, heldOut),
            ModelTask.Regression => report with
            {
                Predictions = PredictionBins.Create(answers.Values, heldOut.Targets!),
                Histogram = Histograms.OfErrors(answers.Values, heldOut.Targets!),
            },
            ModelTask.AnomalyDetection => FindAnomalies(report, answers, heldOut),
            _ => report,
        };
    }

    private static EvaluationReport Classify(EvaluationReport report, Predictions answers, DataSet heldOut)
    {
        ConfusionCounts counts = new(heldOut.Classes, heldOut.Labels, answers.Labels);
        int[] shown = counts.FindConfused();
        float[] stated = [.. Enumerable.Range(0, answers.RowCount).Select(row => answers.Row(row)[answers.Labels[row]])];
        return report with
        {
            Confusion = counts.ToMatrix(shown),
            Curves = [.. shown.Select(k => CurveOf(k, answers, heldOut)).OfType<ClassCurve>()],
            Calibration = CalibrationBins.Measure(stated, row => answers.Labels[row] == heldOut.Labels[row]),
        };
    }

    private static ClassCurve? CurveOf(int k, Predictions answers, DataSet heldOut)
    {
        float[] scores = [.. Enumerable.Range(0, answers.RowCount).Select(row => answers.Values[(row * answers.Width) + k])];
        Calibration calibration = CalibrationBins.Measure(scores, row => heldOut.Labels[row] == k);
        return CurveBuilder.Build(heldOut.Classes[k], scores, Array.ConvertAll(heldOut.Labels, label => label == k)) is { } curve
            ? curve with { Calibration = calibration }
            : null;
    }

    private static EvaluationReport FindAnomalies(EvaluationReport report, Predictions answers, DataSet heldOut)
    {
        if (heldOut.Classes.Count == 0)
        {
            return report with { Histogram = Histograms.OfScores(answers.Values, null) };
        }

        // A lower score means more anomalous.
        ClassCurve? curve = CurveBuilder.Build(
            heldOut.Classes[AnomalyClass], Array.ConvertAll(answers.Values, score => -score),
            Array.ConvertAll(heldOut.Labels, label => label == AnomalyClass));
        ConfusionCounts counts = new(heldOut.Classes, heldOut.Labels, answers.Labels);
        return report with
        {
            Confusion = counts.ToMatrix(counts.FindConfused()),
            Curves = curve is null ? [] : [curve with { Thresholds = [.. curve.Thresholds.Select(score => -score)] }],
            Histogram = Histograms.OfScores(answers.Values, heldOut.Labels),
        };
    }
}
