using Relay.Cards.Texts;

namespace Relay.Cards.Plots;

/// <summary>A square of numbers, each as dark as its share of its row.</summary>
/// <param name="Names">Of rows and of columns.</param>
internal sealed record MatrixPlot(string Title, string Description, IReadOnlyList<string> Names, IReadOnlyList<IReadOnlyList<long>> Rows)
    : Plot(Title, Description)
{
    private const int Size = 290;
    private const int Left = 104;
    private const int Top = 22;
    private const int Name = 13;

    // More numbers than these in a row are too small to read; the table has them.
    private const int MaxNumbers = 8;

    protected override (int Width, int Height) Draw(SvgBuilder svg)
    {
        double cell = (double)Size / Names.Count;
        svg.Text(Left + (Size / 2.0), 13, "predicted", "middle");
        svg.TurnedText(10, Top + (Size / 2.0), "true class", "middle", -90);
        for (int row = 0; row < Names.Count; row++)
        {
            double y = Top + (row * cell);
            long sum = Math.Max(1, Rows[row].Sum());
            svg.Text(Left - 6, y + (cell / 2) + 4, CardText.Cut(Names[row], Name), "end");
            svg.TurnedText(Left + ((row + 0.5) * cell) + 4, Top + Size + 8, CardText.Cut(Names[row], Name), "end", -60);
            for (int column = 0; column < Names.Count; column++)
            {
                double share = (double)Rows[row][column] / sum;
                double x = Left + (column * cell);
                svg.Box(x + 0.5, y + 0.5, cell - 1, cell - 1, row == column ? "b s0" : "b s1", share);
                if (Names.Count <= MaxNumbers && Rows[row][column] > 0)
                {
                    svg.Text(x + (cell / 2), y + (cell / 2) + 4, CardText.Percent(share), "middle", share > 0.55 ? "t i" : "t");
                }
            }
        }

        svg.Box(Left, Top, Size, Size, "f");
        return (Left + Size + 6, Top + Size + 92);
    }
}
