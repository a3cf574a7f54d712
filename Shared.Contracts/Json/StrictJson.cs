using System.Text.Json;

namespace Shared.Contracts.Json;

/// <summary>
/// Reads JSON that trust depends on, so that every reader understands it alike: repeated members, comments, trailing commas or bytes
/// and deep nesting are refused. Every error is a <see cref="JsonException"/>, also a member of the wrong kind.
/// </summary>
internal static class StrictJson
{
    /// <summary>Levels of nesting in any JSON that trust depends on.</summary>
    public const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Options = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = MaxDepth,
    };

    public static JsonElement Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, Options);
            return document.RootElement.Clone();
        }
        catch (InvalidOperationException lone)
        {
            throw new JsonException("a name is not valid Unicode", lone);
        }
    }

    /// <summary>The member's name, as text.</summary>
    public static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException lone)
        {
            throw new JsonException("a name is not valid Unicode", lone);
        }
    }

    public static JsonElement Member(this JsonElement owner, string name) =>
        owner.Optional(name) ?? throw new JsonException($"'{name}' is missing");

    public static JsonElement? Optional(this JsonElement owner, string name) =>
        owner.ValueKind != JsonValueKind.Object
            ? throw new JsonException($"an object with '{name}' was expected")
            : owner.TryGetProperty(name, out JsonElement value) ? value : null;

    public static string Text(this JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw new JsonException("a string was expected");
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException lone)
        {
            throw new JsonException("a string is not valid Unicode", lone);
        }
    }

    public static string Text(this JsonElement owner, string name) => owner.Member(name).Text();

    public static bool Flag(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new JsonException("true or false was expected"),
    };

    /// <summary>An integer, written without point or exponent.</summary>
    public static long Integer(this JsonElement owner, string name, long minimum)
    {
        JsonElement value = owner.Member(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= minimum
            ? number
            : throw new JsonException($"'{name}' must be a whole number of at least {minimum}");
    }

    public static IEnumerable<JsonProperty> Members(this JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? value.EnumerateObject()
        : throw new JsonException("an object was expected");

    public static IEnumerable<JsonElement> Items(this JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray()
        : throw new JsonException("a list was expected");

    public static string[] Texts(this JsonElement owner, string name) => [.. owner.Member(name).Items().Select(Text)];
}
