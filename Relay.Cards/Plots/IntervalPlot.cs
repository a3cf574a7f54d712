using Relay.Cards.Texts;

namespace Relay.Cards.Plots;

/// <summary>Means with the intervals that hold the true ones, a row for each, the first on top.</summary>
internal sealed record IntervalPlot(string Title, string Description, PlotAxis X, IReadOnlyList<PlotInterval> Rows) : Plot(Title, Description)
{
    private const int Width = 400;
    private const int Left = 104;
    private const int Right = 388;
    private const int Top = 8;
    private const int Step = 34;
    private const int Cap = 5;
    private const int Name = 15;

    protected override (int Width, int Height) Draw(SvgBuilder svg)
    {
        int bottom = Top + (Rows.Count * Step);
        foreach (double tick in X.Ticks())
        {
            double x = X.Place(tick, Left, Right);
            svg.Line(x, Top, x, bottom, "g");
            svg.Text(x, bottom + 15, PlotAxis.Text(tick), "middle");
        }

        foreach ((int i, PlotInterval row) in Rows.Index())
        {
            double y = Top + ((i + 0.5) * Step);
            svg.Text(Left - 8, y + 4, CardText.Cut(row.Name, Name), "end");
            if (row.Interval is not { } interval)
            {
                svg.Text(Left + 6, y + 4, row.Otherwise, "start");
                continue;
            }

            (double low, double high) = (X.Place(interval.Low, Left, Right), X.Place(interval.High, Left, Right));
            svg.Line(low, y, high, y, $"l s{i % MaxSeries}");
            svg.Box(low - 1, y - Cap, 2, 2 * Cap, $"b s{i % MaxSeries}");
            svg.Box(high - 1, y - Cap, 2, 2 * Cap, $"b s{i % MaxSeries}");
            svg.Dot(X.Place(interval.Mean, Left, Right), y, 5, $"d s{i % MaxSeries}");
        }

        svg.Text((Left + Right) / 2.0, bottom + 32, X.Label, "middle");
        return (Width, bottom + 40);
    }
}

/// <summary>A row of a plot of intervals.</summary>
/// <param name="Interval">Null where there is nothing to show.</param>
internal sealed record PlotInterval(string Name, (double Mean, double Low, double High)? Interval)
{
    /// <summary>What stands in the place of an interval.</summary>
    public string Otherwise { get; init; } = "no nodes";
}
