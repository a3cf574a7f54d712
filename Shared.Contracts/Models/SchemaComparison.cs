using System.Globalization;

namespace Shared.Contracts.Models;

/// <summary>Compares two schemas as a caller sees them: a row that was made for the one must mean the same to the other. The relay asks before
/// it publishes, and a node before it activates.</summary>
internal static class SchemaComparison
{
    private const int ListedDifferences = 6;
    private const int ListedCharacters = 64;

    /// <summary>The differences, one clause each; empty where rows and answers mean the same. An input that may be missing now is no
    /// difference: rows with all values still fit.</summary>
    public static IReadOnlyList<string> FindDifferences(ModelSchema known, ModelSchema next) =>
        [.. FindInputDifferences(known, next), .. FindAnswerDifferences(known, next)];

    /// <summary>As <see cref="FindDifferences"/>, for a caller whose rows fill the inputs by name: their number and order do not count.</summary>
    public static IReadOnlyList<string> FindDifferencesByName(ModelSchema known, ModelSchema next) =>
        [.. FindStricterInputs(known, next), .. FindAnswerDifferences(known, next)];

    /// <summary>The differences between names in an order that counts.</summary>
    /// <param name="kind">What has the names, such as "input".</param>
    public static IEnumerable<string> FindNameDifferences(IReadOnlyList<string> known, IReadOnlyList<string> next, string kind)
    {
        if (known.SequenceEqual(next, StringComparer.Ordinal))
        {
            yield break;
        }

        string[] missing = [.. known.Except(next, StringComparer.Ordinal)];
        string[] added = [.. next.Except(known, StringComparer.Ordinal)];
        foreach (string name in missing)
        {
            yield return $"{kind} {Quote(name)} is missing";
        }

        foreach (string name in added)
        {
            yield return $"{kind} {Quote(name)} is new";
        }

        if (missing.Length == 0 && added.Length == 0 && known.Count == next.Count)
        {
            int at = Enumerable.Range(0, known.Count).First(i => known[i] != next[i]);
            yield return string.Create(
                CultureInfo.InvariantCulture, $"the order differs: {kind} {at + 1} is {Quote(next[at])} and was {Quote(known[at])}");
        }
        else if (known.Count != next.Count)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"the number of {kind} names is {next.Count} and was {known.Count}");
        }
    }

    /// <summary>The differences as one text of bounded length.</summary>
    public static string Join(IReadOnlyList<string> differences) =>
        string.Join("; ", differences.Take(ListedDifferences))
        + (differences.Count > ListedDifferences
            ? string.Create(CultureInfo.InvariantCulture, $"; and {differences.Count - ListedDifferences} more differences")
            : "");

    /// <summary>A name from data or from a file of others, as one line of bounded length.</summary>
    public static string Quote(string name) => $"'{DisplayText.Escape(name, ListedCharacters)}'";

    private static IEnumerable<string> FindInputDifferences(ModelSchema known, ModelSchema next) =>
    [
        .. FindNameDifferences(Names(known), Names(next), "input"),
        .. FindOtherTypes(known, next),
        .. FindStricterInputs(known, next),
    ];

    private static IEnumerable<string> FindOtherTypes(ModelSchema known, ModelSchema next) =>
        from after in next.Inputs
        join before in known.Inputs on after.Name equals before.Name
        where after.Type != before.Type
        select $"input {Quote(after.Name)} is a {TypeName(after)} and was a {TypeName(before)}";

    private static IEnumerable<string> FindStricterInputs(ModelSchema known, ModelSchema next) =>
        from after in next.Inputs
        join before in known.Inputs on after.Name equals before.Name
        where after.Required && !before.Required
        select $"input {Quote(after.Name)} must have a value and could be missing";

    private static IEnumerable<string> FindAnswerDifferences(ModelSchema known, ModelSchema next)
    {
        if (next.Task != known.Task)
        {
            yield return $"the task is {next.Task} and was {known.Task}";
        }

        foreach (string difference in FindNameDifferences(known.Classes, next.Classes, "class"))
        {
            yield return difference;
        }

        if (next.Benign != known.Benign)
        {
            yield return $"the benign class is {QuoteOrNone(next.Benign)} and was {QuoteOrNone(known.Benign)}";
        }
    }

    private static string QuoteOrNone(string? name) => name is null ? "none" : Quote(name);

    private static string TypeName(ColumnSpec input) => input.Type.ToString().ToLowerInvariant();

    private static string[] Names(ModelSchema schema) => [.. schema.Inputs.Select(input => input.Name)];
}
