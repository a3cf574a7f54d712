using System.Text.Json;
using Shared.Contracts;

namespace Relay.Server.Http.Access.Tokens;

/// <summary>Reads members of a JSON text, and collects what is wrong with them.</summary>
internal sealed class StrictReader
{
    private const int MaximumText = 500;

    private readonly List<string> _errors = [];

    /// <summary>Each names its place.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Null where there is an error.</summary>
    public string? ReadText(JsonElement item, string path, string name)
    {
        if (item.TryGetProperty(name, out JsonElement member) && FindText(member) is { } text)
        {
            return text;
        }

        Report($"{path}.{name}", $"expected a text of 1 to {MaximumText} characters in one line");
        return null;
    }

    /// <summary>An object whose members are texts.</summary>
    public Dictionary<string, string> ReadTexts(JsonElement item, string path, string name, int maximum)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        JsonProperty[] members = item.TryGetProperty(name, out JsonElement member) && member.ValueKind is JsonValueKind.Object
            ? [.. member.EnumerateObject()]
            : [];
        if (members.Length == 0 || members.Length > maximum)
        {
            Report($"{path}.{name}", $"expected an object of 1 to {maximum} texts");
            return texts;
        }

        foreach (JsonProperty property in members)
        {
            if (property.Name.Length > 0 && FindText(property.Value) is { } text)
            {
                texts[property.Name] = text;
            }
            else
            {
                Report($"{path}.{name}.{property.Name}", $"expected a text of 1 to {MaximumText} characters in one line, which the claim must equal");
            }
        }

        return texts;
    }

    /// <summary>The items of a list, which must have one.</summary>
    public IEnumerable<(JsonElement Item, string Path)> Items(JsonElement parent, string path, string name, int maximum)
    {
        if (parent.TryGetProperty(name, out JsonElement list) && list.ValueKind is JsonValueKind.Array
            && list.GetArrayLength() is var count && count > 0 && count <= maximum)
        {
            return list.EnumerateArray().Select((item, i) => (item, $"{path}.{name}[{i}]"));
        }

        Report($"{path}.{name}", $"expected a list of 1 to {maximum} objects");
        return [];
    }

    /// <summary>False where it is no object. A member beyond these is an error.</summary>
    public bool IsObject(JsonElement item, string path, params string[] members)
    {
        if (item.ValueKind is not JsonValueKind.Object)
        {
            Report(path, "expected an object");
            return false;
        }

        foreach (JsonProperty unknown in item.EnumerateObject().Where(property => !members.Contains(property.Name)))
        {
            Report($"{path}.{unknown.Name}", $"there is no such member: expected {string.Join(", ", members)}");
        }

        return true;
    }

    public void Report(string path, string error) => _errors.Add(DisplayText.Escape($"{path}: {error}."));

    private static string? FindText(JsonElement member) =>
        member.ValueKind is JsonValueKind.String && member.GetString() is { Length: > 0 and <= MaximumText } text && DisplayText.IsPlain(text)
            ? text
            : null;
}
