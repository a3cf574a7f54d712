using System.Text;
using System.Text.Json.Nodes;
using Relay.TestKit;

namespace Relay.Server.Tests.OpenApi.Fuzz;

/// <summary>An operation of the OpenAPI document, with what a request to it may have.</summary>
internal sealed record DocumentOperation(string Method, string Path, IReadOnlyList<DocumentParameter> Parameters, string? ContentType, byte[] Body)
{
    /// <summary>All operations of the document that the relay serves, in its order.</summary>
    public static IReadOnlyList<DocumentOperation> ReadAll()
    {
        JsonNode document = JsonNode.Parse(File.ReadAllText(RepositoryRoot.Combine("Relay.Server", "Http", "OpenApi", "relay.openapi.json")))!;
        return
        [
            .. from path in document["paths"]!.AsObject()
               from operation in path.Value!.AsObject()
               select Read(operation.Key.ToUpperInvariant(), path.Key, operation.Value!),
        ];
    }

    private static DocumentOperation Read(string method, string path, JsonNode operation)
    {
        (string Type, JsonNode? Content)[] contents =
            [.. (operation["requestBody"]?["content"]?.AsObject() ?? []).Select(content => (content.Key, content.Value))];
        byte[] body = contents is [(_, { } content), ..] && content["example"] is { } example
            ? Encoding.UTF8.GetBytes(example.ToJsonString())
            : contents.Length > 0 ? "{\"id\":\"a\",\"src_bytes\":1,\"protocol\":\"tcp\"}\n"u8.ToArray() : [];
        return new(
            method, path,
            [.. (operation["parameters"]?.AsArray() ?? []).Select(one => new DocumentParameter((string)one!["name"]!, (string)one["in"]!))],
            contents.Length > 0 ? contents[0].Type : null, body);
    }
}

/// <param name="In"><c>path</c>, <c>query</c> or <c>header</c>.</param>
internal sealed record DocumentParameter(string Name, string In);
