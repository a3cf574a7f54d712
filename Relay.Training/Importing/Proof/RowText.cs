using System.Globalization;

namespace Relay.Training.Importing.Proof;

/// <summary>Rows and answers as messages show them.</summary>
/// <param name="names">In the order of the row's values.</param>
internal sealed class RowText(IReadOnlyList<string> names)
{
    private const int MaxShown = 40;

    public string Describe(ReadOnlySpan<float> row) => Describe(row, _ => null);

    /// <param name="textOf">By column, what stands for its number; null where the number does.</param>
    public string Describe(ReadOnlySpan<float> row, Func<int, string?> textOf)
    {
        string[] cells = new string[Math.Min(row.Length, MaxShown)];
        for (int f = 0; f < cells.Length; f++)
        {
            cells[f] = $"{names[f]}={textOf(f) ?? row[f].ToString("R", CultureInfo.InvariantCulture)}";
        }

        string rest = row.Length > MaxShown ? $" and {row.Length - MaxShown} more" : "";
        return $"({string.Join(", ", cells)}{rest})";
    }

    public static string DescribeAnswer(IEnumerable<double> answer) =>
        $"[{string.Join(", ", answer.Take(MaxShown).Select(v => v.ToString("R", CultureInfo.InvariantCulture)))}]";
}
