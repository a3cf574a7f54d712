using System.Globalization;
using Relay.Cards.Documents;
using Relay.Cards.Plots;
using Relay.Cards.Texts;
using Shared.Contracts.Models;

namespace Relay.Cards.Sections;

/// <summary>Size against quality, where a small model was searched.</summary>
internal static class FrontierSection
{
    private const double Kilobyte = 1000;

    public static IEnumerable<CardSection> Create(ModelCard card)
    {
        if (card.Frontier is not { Count: > 0 } frontier)
        {
            yield break;
        }

        FrontierPoint[] points = [.. frontier.Where(p => p.SizeBytes > 0).OrderBy(p => p.SizeBytes)];
        string quality = card.Budget?.Figure is { } figure ? CardText.Name(figure) : card.Metrics.Figures[0].Name;
        FrontierPoint[] best = [.. FindBest(points)];
        yield return new CardSection("frontier", "Size against quality",
        [
            new CardBlock.Paragraph(
                "Models that the search for a small one measured, on parts of the training rows that they did not learn from. The ring is this "
                + "version. Intervals are of 95% over rows."),
            .. card.Budget is { } budget ? [new CardBlock.Paragraph(Describe(card, budget))] : Array.Empty<CardBlock>(),
            new CardBlock.Figures([Plot(points, best, quality)]),
            new CardBlock.Table(
                "Models that no smaller one equals, this version and the full model",
                ["Bytes", quality, "Points lost", "Interval", "Microseconds", "Trees", "Depth", "Leaves", "Columns", "Model"],
                [.. points.Where(p => best.Contains(p) || p.IsChosen || p.IsFull).Select(Row)]),
        ]);
    }

    private static string Describe(ModelCard card, BudgetSummary budget)
    {
        BudgetSpec bounds = card.Spec.Budget ?? new BudgetSpec();
        string[] stated =
        [
            .. bounds.MaxBytes is { } bytes ? [$"{CardText.Count(bytes)} bytes"] : Array.Empty<string>(),
            .. bounds.MaxMicroseconds is { } time ? [$"{CardText.Figure(time)} microseconds for a row"] : Array.Empty<string>(),
            .. bounds.MaxQualityLoss is { } loss ? [$"{CardText.Figure(loss)} points lost"] : Array.Empty<string>(),
        ];
        string share = budget.Full.SizeBytes > 0 ? CardText.Percent(card.SizeBytes, budget.Full.SizeBytes) : CardText.None;
        return $"The budget is {string.Join(", ", stated)}. Of {CardText.Count(budget.Models)} models the search chose one of "
            + $"{CardText.Count(card.SizeBytes)} bytes, {share} of the {CardText.Count(budget.Full.SizeBytes)} bytes of the full model. "
            + "The gate budget-loss compares the two on the held-out rows.";
    }

    private static LinePlot Plot(FrontierPoint[] points, FrontierPoint[] best, string quality)
    {
        FrontierPoint? chosen = points.FirstOrDefault(p => p.IsChosen);
        FrontierPoint[] others = [.. points.Except(best)];
        return new LinePlot(
            "Size against quality",
            chosen is null
                ? "No point is this version."
                : $"This version has {CardText.Count(chosen.SizeBytes)} bytes and {quality} {CardText.Figure(chosen.Quality)}.",
            PlotAxis.AroundFactors("kilobytes", points.Select(p => p.SizeBytes / Kilobyte)), PlotAxis.Around(quality, points.Select(p => p.Quality)),
            [
                new PlotSeries("no smaller model equals it", [.. best.Select(Place)])
                {
                    HasDots = true,
                    Marked = chosen is null ? null : Place(chosen),
                },
                .. others.Length > 0
                    ? [new PlotSeries("others", [.. others.Select(Place)]) { HasDots = true, HasLine = false }]
                    : Array.Empty<PlotSeries>(),
            ]);
    }

    private static (double X, double Y) Place(FrontierPoint point) => (point.SizeBytes / Kilobyte, point.Quality);

    // By what is lost, whose sense is the same for all figures; cards of before it was recorded have figures alone, and higher ones are better.
    private static IEnumerable<FrontierPoint> FindBest(FrontierPoint[] bySize)
    {
        double least = double.PositiveInfinity;
        foreach (FrontierPoint point in bySize)
        {
            double lost = point.Loss ?? -point.Quality;
            if (lost < least)
            {
                least = lost;
                yield return point;
            }
        }
    }

    private static string[] Row(FrontierPoint point) =>
    [
        CardText.Count(point.SizeBytes), CardText.Figure(point.Quality), CardText.Figure(point.Loss),
        point.Interval is { } interval ? CardText.Interval(interval.Low, interval.High) : CardText.None, CardText.Figure(point.Microseconds),
        Whole(point.Trees), Whole(point.Depth ?? point.Parameters?.Depth), Whole(point.Parameters?.Leaves),
        point.Parameters is null ? CardText.None : point.Parameters.Features?.Count.ToString(CultureInfo.InvariantCulture) ?? "all",
        (point.IsChosen, point.IsFull) switch
        {
            (true, true) => "this version, the full model",
            (true, false) => "this version",
            (false, true) => "full model",
            _ => "",
        },
    ];

    private static string Whole(int? number) => number is { } value ? CardText.Count(value) : CardText.None;
}
