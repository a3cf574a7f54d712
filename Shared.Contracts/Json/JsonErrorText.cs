using System.Text.Json;
using System.Text.RegularExpressions;

namespace Shared.Contracts.Json;

/// <summary>Says what is wrong with a JSON text. The serializer's own messages name types of this code and count lines from 0; a reader of the
/// message knows members, and counts from 1.</summary>
internal static partial class JsonErrorText
{
    /// <summary>Line and column count from 1, the column in bytes of UTF-8. An exception without a place was made by this code: its message
    /// is complete.</summary>
    public static string Describe(JsonException error)
    {
        if (error is { LineNumber: null, Path: null })
        {
            return error.Message;
        }

        string place = error.LineNumber is { } line ? $"line {line + 1}, column {(error.BytePositionInLine ?? 0) + 1}" : "the end of the text";
        return $"{place}, path {error.Path ?? "$"}: {Reason(error.Message)}";
    }

    private static string Reason(string message)
    {
        if (UnknownMember().Match(message) is { Success: true } unknown)
        {
            return $"there is no member '{unknown.Groups[1].Value}' here.";
        }

        if (MissingMembers().Match(message) is { Success: true } missing)
        {
            return $"missing {missing.Groups[1].Value}.";
        }

        if (DuplicateMember().Match(message) is { Success: true } duplicate)
        {
            return $"the member '{duplicate.Groups[1].Value}' stands here twice.";
        }

        if (message.Contains("null values", StringComparison.Ordinal))
        {
            return "this member may not be null.";
        }

        return message.Contains("could not be converted", StringComparison.Ordinal)
            || message.Contains("token type", StringComparison.Ordinal)
            ? "the value is not of the type that this member takes."
            : message.Split([" Path: ", " LineNumber: "], 2, StringSplitOptions.None)[0];
    }

    [GeneratedRegex("^The JSON property '(.*)' could not be mapped")]
    private static partial Regex UnknownMember();

    [GeneratedRegex("^Duplicate property '(.*)' encountered")]
    private static partial Regex DuplicateMember();

    [GeneratedRegex("missing required properties including: (.*?)\\.")]
    private static partial Regex MissingMembers();
}
