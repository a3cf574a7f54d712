using Relay.Cards.Plots;

namespace Relay.Server.Tests.Cards;

/// <summary>Means with their intervals.</summary>
public sealed class IntervalPlotTests
{
    [Fact]
    public void Plot_RowsWithAndWithoutAnInterval_PlacesMeansAndSaysWhatIsMissing()
    {
        IntervalPlot plot = new(
            "Means", "As in the table.", new PlotAxis("percent", 0, 10),
            [new("candidate", (5, 2.5, 10)), new("control", null), new("<b>", (0, 0, 0))]);
        string svg = plot.ToSvg("m");

        Assert.Contains("""<circle class="d s0" cx="246" cy="25" r="5"/>""", svg, StringComparison.Ordinal);
        Assert.Contains("""<line class="l s0" x1="175" y1="25" x2="388" y2="25"/>""", svg, StringComparison.Ordinal);
        Assert.Contains(">no nodes</text>", svg, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;", svg, StringComparison.Ordinal);
        Assert.Contains("aria-labelledby=\"m-title m-desc\"", svg, StringComparison.Ordinal);
    }
}
