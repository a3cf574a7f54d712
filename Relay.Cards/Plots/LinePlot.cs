using Relay.Cards.Texts;

namespace Relay.Cards.Plots;

/// <summary>Lines over two axes, with a legend where there are several.</summary>
internal sealed record LinePlot(string Title, string Description, PlotAxis X, PlotAxis Y, IReadOnlyList<PlotSeries> Series) : Plot(Title, Description)
{
    private const int Width = 400;
    private const int Left = 58;
    private const int Right = 388;
    private const int Top = 14;
    private const int Bottom = 276;
    private const int LegendLine = 17;
    private const int LegendName = 23;
    private const int LabelRoom = 24;

    /// <summary>Whether a line shows where both axes are equal.</summary>
    public bool HasDiagonal { get; init; }

    protected override (int Width, int Height) Draw(SvgBuilder svg)
    {
        DrawAxes(svg);
        foreach ((int i, PlotSeries series) in Series.Take(MaxSeries).Index())
        {
            (double X, double Y)[] places = [.. series.Points.Select(p => (X.Place(p.X, Left, Right), Y.Place(p.Y, Bottom, Top)))];
            if (series.HasLine)
            {
                svg.Path(places, $"l s{i}");
            }

            foreach ((double x, double y) in series.HasDots ? places : [])
            {
                svg.Dot(x, y, 3, $"d s{i}");
            }

            foreach (((double x, double y), string label) in places.Zip(series.Labels))
            {
                svg.Text(x, y - 7, label, x > Right - LabelRoom ? "end" : "middle");
            }

            if (series.Marked is { } marked)
            {
                svg.Dot(X.Place(marked.X, Left, Right), Y.Place(marked.Y, Bottom, Top), 7, $"l s{i}");
            }
        }

        int height = Bottom + 42;
        if (Series.Count < 2)
        {
            return (Width, height);
        }

        foreach ((int i, PlotSeries series) in Series.Take(MaxSeries).Index())
        {
            double x = i % 2 == 0 ? Left - 40 : (Left + Right) / 2.0;
            double y = height + (i / 2 * LegendLine) + 8;
            if (series.HasLine)
            {
                svg.Line(x, y - 4, x + 24, y - 4, $"l s{i}");
            }
            else
            {
                svg.Dot(x + 12, y - 4, 3, $"d s{i}");
            }

            svg.Text(x + 30, y, CardText.Cut(series.Name, LegendName), "start");
        }

        return (Width, height + ((Math.Min(Series.Count, MaxSeries) + 1) / 2 * LegendLine));
    }

    private void DrawAxes(SvgBuilder svg)
    {
        foreach (double tick in X.Ticks())
        {
            double x = X.Place(tick, Left, Right);
            svg.Line(x, Top, x, Bottom, "g");
            svg.Text(x, Bottom + 15, PlotAxis.Text(tick), "middle");
        }

        foreach (double tick in Y.Ticks())
        {
            double y = Y.Place(tick, Bottom, Top);
            svg.Line(Left, y, Right, y, "g");
            svg.Text(Left - 6, y + 4, PlotAxis.Text(tick), "end");
        }

        if (HasDiagonal)
        {
            double low = Math.Max(X.Low, Y.Low);
            double high = Math.Min(X.High, Y.High);
            svg.Line(X.Place(low, Left, Right), Y.Place(low, Bottom, Top), X.Place(high, Left, Right), Y.Place(high, Bottom, Top), "r");
        }

        svg.Text((Left + Right) / 2.0, Bottom + 32, X.Label, "middle");
        svg.TurnedText(13, (Top + Bottom) / 2.0, Y.Label, "middle", -90);
    }
}

/// <summary>One line of a plot.</summary>
internal sealed record PlotSeries(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Whether a line goes through the points.</summary>
    public bool HasLine { get; init; } = true;

    /// <summary>Whether each point shows: where there are few.</summary>
    public bool HasDots { get; init; }

    /// <summary>The text over each point; empty: none.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>A point with a ring.</summary>
    public (double X, double Y)? Marked { get; init; }
}
