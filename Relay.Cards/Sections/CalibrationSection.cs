using Relay.Cards.Documents;
using Relay.Cards.Plots;
using Relay.Cards.Texts;
using Shared.Contracts.Models;

namespace Relay.Cards.Sections;

/// <summary>Whether a probability means what it says.</summary>
internal static class CalibrationSection
{
    public static CardSection Create(Calibration answers, IReadOnlyList<ClassCurve> curves)
    {
        List<CardBlock> blocks =
        [
            new CardBlock.Paragraph(
                $"Rows by the probability of the answer. The expected calibration error is {CardText.Figure(answers.ExpectedError)}: "
                + "so far are stated and observed shares apart, as a mean over all rows. 0 is perfect."),
            new CardBlock.Figures(
            [
                new LinePlot(
                    "Reliability", $"Expected calibration error {CardText.Figure(answers.ExpectedError)} over {answers.Bins.Count} bins.",
                    PlotAxis.Share("stated probability"), PlotAxis.Share("share of right answers"),
                    [new PlotSeries("answers", [.. answers.Bins.Select(b => (b.Stated, b.Observed))]) { HasDots = true }])
                {
                    HasDiagonal = true,
                },
            ]),
            new CardBlock.Table(
                "Reliability of answers", ["Stated probability", "Right answers", "Rows"],
                [.. answers.Bins.Select(b => new[] { CardText.Figure(b.Stated), CardText.Figure(b.Observed), CardText.Count(b.Rows) })]),
        ];
        ClassCurve[] classes = [.. curves.Where(c => c.Calibration is not null)];
        if (classes.Length > 0)
        {
            blocks.Add(new CardBlock.Table(
                "Calibration of each class's probability", ["Class", "Expected calibration error", "Rows", "Mean probability", "Share of rows"],
                [
                    .. classes.Select(c => new[]
                    {
                        CardText.Name(c.Name), CardText.Figure(c.Calibration!.ExpectedError), CardText.Count(c.Positives),
                        CardText.Figure(c.Calibration.Bins.Sum(b => b.Rows * b.Stated) / Math.Max(1, c.Positives + c.Negatives)),
                        CardText.Figure(c.Positives / (double)Math.Max(1, c.Positives + c.Negatives)),
                    }),
                ]));
        }

        return new CardSection("calibration", "Calibration", blocks);
    }
}
