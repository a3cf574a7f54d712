using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Problems;
using Shared.Contracts;

namespace Relay.Server.Http;

/// <summary>Checks the filters of lists. A filter that no item can match is a mistake: it is refused, and not answered with an empty list.</summary>
internal static class Filters
{
    /// <summary>Null for the name of a model, channel or dataset, and where the filter is not set.</summary>
    public static ProblemHttpResult? CheckName(string filter, string? value) =>
        value is null || RelayName.IsValid(value) ? null : RelayProblems.InvalidFilter(filter, $"a name of {RelayName.Rule}");

    /// <summary>Null for the id of a node or its beginning, and where the filter is not set.</summary>
    public static ProblemHttpResult? CheckNode(string filter, string? value) =>
        value is null || RelayName.IsValidNode(value) ? null : RelayProblems.InvalidFilter(filter, RelayName.NodeRule);

    /// <summary>Null for one of the words, and where the filter is not set.</summary>
    public static ProblemHttpResult? CheckWord(string filter, string? value, params IEnumerable<string> words) =>
        value is null || words.Contains(value, StringComparer.Ordinal)
            ? null
            : RelayProblems.InvalidFilter(filter, $"one of {string.Join(", ", words)}");

    /// <summary>Null for one plain line, and where the filter is not set.</summary>
    public static ProblemHttpResult? CheckText(string filter, string? value, int maximumLength) =>
        value is null || (value.Length > 0 && value.Length <= maximumLength && DisplayText.IsPlain(value))
            ? null
            : RelayProblems.InvalidFilter(filter, $"one line of 1 to {maximumLength} characters");
}
