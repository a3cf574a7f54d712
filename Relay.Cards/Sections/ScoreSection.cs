using Relay.Cards.Documents;
using Relay.Cards.Plots;
using Relay.Cards.Texts;
using Shared.Contracts.Models;

namespace Relay.Cards.Sections;

/// <summary>The scores of an anomaly detector.</summary>
internal static class ScoreSection
{
    /// <param name="offset">The score below which a row is an anomaly.</param>
    public static CardSection Create(ValueHistogram scores, double? offset)
    {
        string flagged = offset is { } bound ? $" A row with a score below {CardText.Figure(bound)} is flagged." : "";
        double width = (scores.High - scores.Low) / scores.Rows.Count;
        bool hasLabels = scores.Anomalies is not null;
        return new CardSection("scores", "Scores",
        [
            new CardBlock.Paragraph($"Lower means more anomalous.{flagged}"),
            new CardBlock.Figures(
            [
                new HistogramPlot(
                    "Held-out rows by score", $"Scores from {CardText.Figure(scores.Low)} to {CardText.Figure(scores.High)}.{flagged}",
                    new PlotAxis("score", scores.Low, scores.High > scores.Low ? scores.High : scores.Low + 1), scores.Rows, scores.Anomalies,
                    ("all rows", "labeled as anomalies")),
            ]),
            new CardBlock.Table(
                "Rows by score", ["Score from", "Rows", .. hasLabels ? ["Labeled as anomalies"] : (string[])[]],
                [
                    .. scores.Rows.Select((rows, i) => (string[])
                    [
                        CardText.Figure(scores.Low + (i * width)), CardText.Count(rows),
                        .. hasLabels ? [CardText.Count(scores.Anomalies![i])] : (string[])[],
                    ]),
                ]),
        ]);
    }
}
