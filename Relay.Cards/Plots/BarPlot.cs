using Relay.Cards.Texts;

namespace Relay.Cards.Plots;

/// <summary>A bar for each name, the first on top.</summary>
/// <param name="Marks">Values with a line across all bars.</param>
internal sealed record BarPlot(string Title, string Description, IReadOnlyList<(string Name, double Value)> Bars, IReadOnlyList<double> Marks)
    : Plot(Title, Description)
{
    private const int Width = 400;
    private const int Left = 150;
    private const int Right = 345;
    private const int Step = 20;
    private const int Name = 22;

    protected override (int Width, int Height) Draw(SvgBuilder svg)
    {
        double high = Bars.Select(b => b.Value).Concat(Marks).DefaultIfEmpty(1).Max();
        PlotAxis axis = new("", 0, high > 0 ? high : 1);
        int bottom = Bars.Count * Step + 6;
        foreach (double mark in Marks)
        {
            double x = axis.Place(mark, Left, Right);
            svg.Line(x, 2, x, bottom, "r");
        }

        foreach ((int i, (string name, double value)) in Bars.Index())
        {
            double y = (i * Step) + 6;
            double end = axis.Place(value, Left, Right);
            svg.Text(Left - 6, y + 11, CardText.Cut(name, Name), "end");
            svg.Box(Left, y, end - Left, Step - 6, "b s0");
            svg.Text(end + 5, y + 11, CardText.Figure(value), "start");
        }

        return (Width, bottom + 4);
    }
}
