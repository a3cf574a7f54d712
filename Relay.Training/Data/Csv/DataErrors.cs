using Shared.Contracts;

namespace Relay.Training.Data.Csv;

/// <summary>The texts of errors in data: where, what was found, what was expected.</summary>
internal static class DataErrors
{
    private const int MaxValue = 40;
    private const int MaxListed = 12;

    public static string Cell(string file, long line, string column, string value, string expected) =>
        $"{file}:{line}, column '{Shorten(column)}': got '{Shorten(value)}', expected {expected}";

    /// <param name="column">From 0.</param>
    public static string HeaderCell(string file, long line, int column, string name, string expected) =>
        $"{file}:{line}, column {column + 1} of the header: got '{Shorten(name)}', expected {expected}";

    public static string List(IEnumerable<string> names)
    {
        string[] all = [.. names];
        string shown = string.Join(", ", all.Take(MaxListed).Select(n => $"'{Shorten(n)}'"));
        return all.Length > MaxListed ? $"{shown} and {all.Length - MaxListed} more" : shown;
    }

    public static string Shorten(string value) => DisplayText.Escape(value, MaxValue);
}
