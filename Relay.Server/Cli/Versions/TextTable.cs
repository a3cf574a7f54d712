using Shared.Contracts;

namespace Relay.Server.Cli.Versions;

/// <summary>A table as lines of a terminal: the first column is names, the others are aligned to the right.</summary>
internal static class TextTable
{
    private const int MaximumCell = 40;
    private const string Indent = "  ";

    /// <param name="rows">As many cells as the head has.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        string[][] cells = [.. rows.Prepend(head).Select(row => row.Select(cell => DisplayText.Escape(cell, MaximumCell)).ToArray())];
        int[] widths = [.. head.Select((_, column) => cells.Max(row => row[column].Length))];
        return cells.Select(row => Indent + string.Join(
            Indent, row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column])))
            .TrimEnd());
    }
}
