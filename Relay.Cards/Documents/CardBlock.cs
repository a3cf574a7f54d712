using Relay.Cards.Plots;

namespace Relay.Cards.Documents;

/// <summary>A piece of a section.</summary>
internal abstract record CardBlock
{
    private CardBlock()
    {
    }

    public sealed record Paragraph(string Text) : CardBlock;

    /// <summary>Text of people, shown line by line as they wrote it: its markup stays text.</summary>
    public sealed record Lines(string Text) : CardBlock;

    public sealed record Items(IReadOnlyList<string> Texts) : CardBlock;

    /// <param name="Headers">The first column names what a row is about; the others are numbers where <see cref="AreNumbers"/>.</param>
    public sealed record Table(string Caption, IReadOnlyList<string> Headers, IReadOnlyList<IReadOnlyList<string>> Rows) : CardBlock
    {
        public bool AreNumbers { get; init; } = true;
    }

    /// <summary>Plots side by side. A table of the same figures stands beside them.</summary>
    public sealed record Figures(IReadOnlyList<Plot> Plots) : CardBlock;

    /// <summary>Commands for a shell.</summary>
    public sealed record Commands(string Text) : CardBlock;
}
