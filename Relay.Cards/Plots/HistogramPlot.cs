namespace Relay.Cards.Plots;

/// <summary>Rows by a value; some of them may be a part of their own.</summary>
/// <param name="Part">Per bar, how many of its rows are of the part; null where there is none.</param>
/// <param name="Names">What all rows are, and what those of the part are.</param>
internal sealed record HistogramPlot(
    string Title, string Description, PlotAxis X, IReadOnlyList<long> Rows, IReadOnlyList<long>? Part,
    (string All, string Part) Names) : Plot(Title, Description)
{
    private const int Width = 400;
    private const int Left = 58;
    private const int Right = 388;
    private const int Top = 14;
    private const int Bottom = 216;

    protected override (int Width, int Height) Draw(SvgBuilder svg)
    {
        PlotAxis y = new("", 0, Math.Max(1, Rows.Max()));
        foreach (double tick in y.Ticks())
        {
            svg.Line(Left, y.Place(tick, Bottom, Top), Right, y.Place(tick, Bottom, Top), "g");
            svg.Text(Left - 6, y.Place(tick, Bottom, Top) + 4, PlotAxis.Text(tick), "end");
        }

        double width = (double)(Right - Left) / Rows.Count;
        for (int i = 0; i < Rows.Count; i++)
        {
            Bar(Rows[i], "b s0");
            if (Part is not null)
            {
                Bar(Part[i], "b s1");
            }

            void Bar(long rows, string style)
            {
                double top = y.Place(rows, Bottom, Top);
                svg.Box(Left + (i * width) + 0.5, top, width - 1, Bottom - top, style);
            }
        }

        foreach (double tick in X.Ticks())
        {
            svg.Text(X.Place(tick, Left, Right), Bottom + 15, PlotAxis.Text(tick), "middle");
        }

        svg.Text((Left + Right) / 2.0, Bottom + 32, X.Label, "middle");
        if (Part is null)
        {
            return (Width, Bottom + 42);
        }

        svg.Box(Left, Bottom + 42, 12, 12, "b s0");
        svg.Text(Left + 18, Bottom + 52, Names.All, "start");
        svg.Box(Left + 160, Bottom + 42, 12, 12, "b s1");
        svg.Text(Left + 178, Bottom + 52, Names.Part, "start");
        return (Width, Bottom + 60);
    }
}
