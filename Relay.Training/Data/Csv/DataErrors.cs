namespace Relay.Training.Data.Csv;

/// <summary>The texts of errors in data: where, what was found, what was expected.</summary>
internal static class DataErrors
{
    private const int MaxValue = 40;
    private const int MaxListed = 12;

    public static string Cell(string file, long line, string column, string value, string expected) =>
        $"{file}:{line}, column '{column}': got '{Shorten(value)}', expected {expected}";

    public static string List(IEnumerable<string> names)
    {
        string[] all = [.. names];
        string shown = string.Join(", ", all.Take(MaxListed).Select(n => $"'{Shorten(n)}'"));
        return all.Length > MaxListed ? $"{shown} and {all.Length - MaxListed} more" : shown;
    }

    private static string Shorten(string value) => value.Length > MaxValue ? value[..MaxValue] + "..." : value;
}
