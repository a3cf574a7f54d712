using Relay.Cards.Texts;

namespace Relay.Cards.Plots;

/// <summary>Boxes in layers from top to bottom, with lines from each to those that read what it computes.</summary>
internal sealed record GraphPlot(string Title, string Description, IReadOnlyList<GraphBox> Boxes) : Plot(Title, Description)
{
    private const int Width = 640;
    private const int Gap = 16;
    private const int LayerGap = 30;
    private const int TextLine = 16;
    private const int MaxInRow = 4;
    private const int Letter = 6;

    protected override (int Width, int Height) Draw(SvgBuilder svg)
    {
        Dictionary<GraphBox, Place> places = [];
        double y = 1;
        foreach (GraphBox[] row in Boxes.GroupBy(box => box.Layer).OrderBy(layer => layer.Key).SelectMany(layer => layer.Chunk(MaxInRow)))
        {
            double width = Math.Min(300, (Width - (Gap * (row.Length + 1))) / (double)row.Length);
            double height = row.Max(box => box.Lines.Count + 1) * TextLine + 12;
            double x = (Width - (row.Length * width) - ((row.Length - 1) * Gap)) / 2;
            foreach (GraphBox box in row)
            {
                places[box] = new Place(x, y, width, height);
                x += width + Gap;
            }

            y += height + LayerGap;
        }

        // Boxes cover the lines that pass behind them.
        foreach ((GraphBox box, Place to) in places)
        {
            foreach (Place from in box.Reads.Select(read => places[read]))
            {
                svg.Line(from.Middle, from.Y + from.Height, to.Middle, to.Y, "e");
            }
        }

        foreach ((GraphBox box, Place place) in places)
        {
            int letters = (int)place.Width / Letter;
            svg.Box(place.X, place.Y, place.Width, place.Height, "o");
            svg.Text(place.Middle, place.Y + TextLine + 2, CardText.Cut(box.Name, letters), "middle", "t h");
            foreach ((int i, string line) in box.Lines.Index())
            {
                svg.Text(place.Middle, place.Y + ((i + 2) * TextLine) + 2, CardText.Cut(line, letters), "middle");
            }
        }

        return (Width, (int)y - LayerGap + 2);
    }

    private sealed record Place(double X, double Y, double Width, double Height)
    {
        public double Middle => X + (Width / 2);
    }
}

/// <summary>Something that is computed, or given.</summary>
/// <param name="Layer">From 0, the top.</param>
/// <param name="Lines">What else is said of it.</param>
/// <param name="Reads">What it reads, in layers above.</param>
internal sealed record GraphBox(string Name, int Layer, IReadOnlyList<string> Lines, IReadOnlyList<GraphBox> Reads)
{
    // Two boxes may say the same.
    public bool Equals(GraphBox? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
