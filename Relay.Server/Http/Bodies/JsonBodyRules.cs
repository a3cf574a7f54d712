using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Relay.Server.Http.Bodies;

/// <summary>The rules of every JSON body, which the serializer does not check: a list holds no null, each string and each name is whole
/// Unicode without NUL, each number has a value. Pure.</summary>
internal static class JsonBodyRules
{
    /// <summary>As deep as the serializer goes.</summary>
    private const int MaximumDepth = 64;

    /// <summary>What is wrong and where; null for a body that keeps the rules, and for text that is not JSON: its reader says where.</summary>
    public static string? FindError(ReadOnlySpan<byte> utf8)
    {
        utf8 = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
        if (!Utf8.IsValid(utf8))
        {
            return "The body is not UTF-8.";
        }

        Utf8JsonReader reader = new(utf8, new JsonReaderOptions { MaxDepth = MaximumDepth });
        Stack<bool> isList = new();
        try
        {
            while (reader.Read())
            {
                if (FindError(ref reader, isList) is { } error)
                {
                    return $"{Place(utf8[..(int)reader.TokenStartIndex])}: {error}.";
                }
            }
        }
        catch (JsonException)
        {
            // The reader of the route says where the text is not JSON, in its own form.
        }

        return null;
    }

    private static string? FindError(ref Utf8JsonReader reader, Stack<bool> isList)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                isList.Push(reader.TokenType == JsonTokenType.StartArray);
                return null;
            case JsonTokenType.EndArray or JsonTokenType.EndObject:
                isList.Pop();
                return null;
            case JsonTokenType.Null:
                return isList.TryPeek(out bool inList) && inList ? "a list may not hold null" : null;
            case JsonTokenType.String or JsonTokenType.PropertyName:
                return reader.ValueIsEscaped ? FindTextError(ref reader) : null;
            case JsonTokenType.Number:
                return reader.TryGetDouble(out double number) && double.IsFinite(number) ? null : "the number is out of range";
            default:
                return null;
        }
    }

    private static string? FindTextError(ref Utf8JsonReader reader)
    {
        try
        {
            // No database of text takes it.
            return reader.GetString()!.Contains('\0') ? "the text holds the character NUL" : null;
        }
        catch (InvalidOperationException)
        {
            return "the text holds half of a surrogate pair";
        }
    }

    /// <summary>Lines and columns count from 1; the column is in bytes of UTF-8.</summary>
    private static string Place(ReadOnlySpan<byte> before) =>
        $"At line {before.Count((byte)'\n') + 1}, column {before.Length - before.LastIndexOf((byte)'\n')}";
}
