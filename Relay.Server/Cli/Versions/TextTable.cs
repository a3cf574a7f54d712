using Shared.Contracts;

namespace Relay.Server.Cli.Versions;

/// <summary>A table as lines of a terminal.</summary>
internal static class TextTable
{
    private const int MaximumCell = 40;
    private const string Indent = "  ";

    /// <summary>A table of figures: the first column is names, the others are aligned to the right.</summary>
    /// <param name="rows">As many cells as the head has.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows) =>
        Lines(head, rows, (cell, column, width) => column == 0 ? cell.PadRight(width) : cell.PadLeft(width));

    /// <summary>A table of texts, all aligned to the left.</summary>
    /// <param name="rows">As many cells as the head has.</param>
    public static IEnumerable<string> LinesOfTexts(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows) =>
        Lines(head, rows, (cell, _, width) => cell.PadRight(width));

    private static IEnumerable<string> Lines(
        IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows, Func<string, int, int, string> align)
    {
        string[][] cells = [.. rows.Prepend(head).Select(row => row.Select(cell => DisplayText.Escape(cell, MaximumCell)).ToArray())];
        int[] widths = [.. head.Select((_, column) => cells.Max(row => row[column].Length))];
        return cells.Select(row => Indent + string.Join(
            Indent, row.Select((cell, column) => align(cell, column, widths[column]))).TrimEnd());
    }
}
