using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shared.Contracts.Models;

namespace Relay.Server.Cli;

/// <summary>A spec as a file for people: what has its default is left out, and each column is a line.</summary>
internal static class SpecText
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(ModelSpec spec)
    {
        JsonObject members = ToNode(spec);
        JsonObject defaults = ToNode(new ModelSpec { Name = "", Task = default, Algorithm = default, Columns = [] });
        string[] lines =
        [
            .. members
                .Where(m => m.Key is "name" or "task" or "algorithm" || !JsonNode.DeepEquals(m.Value, defaults[m.Key]))
                .Select(m => $"  \"{m.Key}\": {Write(Shorten(m.Value!, defaults[m.Key]))}"),
        ];
        return new StringBuilder("{\n").AppendJoin(",\n", lines).Append("\n}\n").ToString();
    }

    private static JsonNode Shorten(JsonNode value, JsonNode? whole) => value is JsonObject members && whole is JsonObject defaults
        ? new JsonObject(
            members.Where(m => !JsonNode.DeepEquals(m.Value, defaults[m.Key])).Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())))
        : value;

    private static string Write(JsonNode value) => value is JsonArray { Count: > 0 } items && items[0] is JsonObject
        ? $"[\n{string.Join(",\n", items.Select(item => $"    {item!.ToJsonString(Readable)}"))}\n  ]"
        : value.ToJsonString(Readable);

    private static JsonObject ToNode(ModelSpec spec) => JsonSerializer.SerializeToNode(spec, ModelJson.Default.ModelSpec)!.AsObject();
}
