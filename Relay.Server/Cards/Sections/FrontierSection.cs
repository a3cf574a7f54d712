using Relay.Server.Cards.Documents;
using Relay.Server.Cards.Plots;
using Relay.Server.Cards.Texts;
using Shared.Contracts.Models;

namespace Relay.Server.Cards.Sections;

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

        FrontierPoint[] points = [.. frontier.OrderBy(p => p.SizeBytes)];
        FrontierPoint? chosen = points.FirstOrDefault(p => p.IsChosen);
        string quality = card.Metrics.Figures[0].Name;
        yield return new CardSection("frontier", "Size against quality",
        [
            new CardBlock.Paragraph("The models that the search for a small one tried. The ring is this version."),
            new CardBlock.Figures(
            [
                new LinePlot(
                    "Size against quality",
                    chosen is null
                        ? "No point is this version."
                        : $"This version has {CardText.Count(chosen.SizeBytes)} bytes and {quality} {CardText.Figure(chosen.Quality)}.",
                    PlotAxis.Around("kilobytes", points.Select(p => p.SizeBytes / Kilobyte)), PlotAxis.Around(quality, points.Select(p => p.Quality)),
                    [
                        new PlotSeries("models", [.. points.Select(p => (p.SizeBytes / Kilobyte, p.Quality))])
                        {
                            HasDots = true,
                            Marked = chosen is null ? null : (chosen.SizeBytes / Kilobyte, chosen.Quality),
                        },
                    ]),
            ]),
            new CardBlock.Table(
                "Models by size", ["Bytes", quality, "Trees", "Depth", "This version"],
                [
                    .. points.Select(p => new[]
                    {
                        CardText.Count(p.SizeBytes), CardText.Figure(p.Quality), p.Trees is { } trees ? CardText.Count(trees) : CardText.None,
                        p.Depth is { } depth ? CardText.Count(depth) : CardText.None, p.IsChosen ? "yes" : "",
                    }),
                ]),
        ]);
    }
}
