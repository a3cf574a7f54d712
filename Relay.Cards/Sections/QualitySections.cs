using Relay.Cards.Documents;
using Shared.Contracts.Models;

namespace Relay.Cards.Sections;

/// <summary>The sections on held-out rows, by the task.</summary>
internal static class QualitySections
{
    public static IEnumerable<CardSection> Create(ModelCard card)
    {
        EvaluationReport? report = card.Evaluation;
        if (card.Metrics is ClassificationMetrics metrics)
        {
            yield return ClassSection.Create(metrics);
        }

        if (report?.Confusion is { } confusion)
        {
            yield return ConfusionSection.Create(confusion, card.Schema.Classes.Count);
        }

        if (report?.Curves is { Count: > 0 } curves)
        {
            yield return CurveSection.Create(curves, card.Schema.Classes.Count);
        }

        if (report?.Calibration is { } calibration)
        {
            yield return CalibrationSection.Create(calibration, report.Curves ?? []);
        }

        if (report?.Predictions is { Count: > 0 } predictions)
        {
            yield return RegressionSection.Create(predictions, report.Histogram);
        }
        else if (report?.Histogram is { } scores)
        {
            yield return ScoreSection.Create(scores, (card.Metrics as AnomalyMetrics)?.Offset);
        }

        if (card.Importance is { Count: > 0 } importance)
        {
            yield return ImportanceSection.Create(importance);
        }
    }
}
