using Relay.Cards.Documents;
using Relay.Cards.Plots;
using Relay.Cards.Texts;
using Shared.Contracts.Models;

namespace Relay.Cards.Sections;

/// <summary>Predicted numbers against true ones.</summary>
internal static class RegressionSection
{
    public static CardSection Create(IReadOnlyList<PredictionBin> bins, ValueHistogram? errors)
    {
        IEnumerable<double> values = bins.SelectMany(b => new[] { b.Predicted, b.Actual });
        PredictionBin worst = bins.MaxBy(b => Math.Abs(b.Predicted - b.Actual))!;
        List<Plot> plots =
        [
            new LinePlot(
                "Predicted and true numbers",
                $"The largest distance of the means is {CardText.Figure(Math.Abs(worst.Predicted - worst.Actual))}, at a prediction of " +
                    $"{CardText.Figure(worst.Predicted)}.",
                PlotAxis.Around("mean prediction", values), PlotAxis.Around("mean of the true numbers", values),
                [new PlotSeries("rows", [.. bins.Select(b => (b.Predicted, b.Actual))]) { HasDots = true }])
            {
                HasDiagonal = true,
            },
        ];
        if (errors is not null)
        {
            plots.Add(new HistogramPlot(
                "Errors",
                $"Predicted minus true, from {CardText.Figure(errors.Low)} to {CardText.Figure(errors.High)}; rows beyond " +
                    $"are in the first and last bar.",
                new PlotAxis("predicted minus true", errors.Low, errors.High > errors.Low ? errors.High : errors.Low + 1),
                errors.Rows, null, ("rows", "")));
        }

        return new CardSection("predictions", "Predicted and true numbers",
        [
            new CardBlock.Paragraph(
                "Held-out rows in the order of their prediction, in parts of equal size. Where a part is off the diagonal, the " +
                    "model is off on all such rows."),
            new CardBlock.Figures(plots),
            new CardBlock.Table(
                "Means of prediction and truth", ["Mean prediction", "Mean of the true numbers", "Rows"],
                [.. bins.Select(b => new[] { CardText.Figure(b.Predicted), CardText.Figure(b.Actual), CardText.Count(b.Rows) })]),
        ]);
    }
}
