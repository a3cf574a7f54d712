namespace Relay.Cards.Plots;

/// <summary>A picture of figures, written as SVG.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Description">What it says, for who cannot see it.</param>
internal abstract record Plot(string Title, string Description)
{
    /// <summary>Series that can be told apart by color and dashes.</summary>
    public const int MaxSeries = 8;

    /// <param name="id">Unique on the page.</param>
    public string ToSvg(string id)
    {
        SvgBuilder svg = new();
        (int width, int height) = Draw(svg);
        return svg.Finish(id, width, height, this);
    }

    /// <returns>The size of the picture.</returns>
    protected abstract (int Width, int Height) Draw(SvgBuilder svg);
}
