using System.Net.Mime;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.OpenApi;

/// <param name="Type">The type of JSON content; null for other content.</param>
internal sealed record StreamBody(Type? Type, params string[] MediaTypes);

/// <summary>The contents that handlers read or write as a stream, which their signatures do not show.</summary>
internal static class StreamBodies
{
    private const string Csv = "text/csv";
    private const string Lines = "application/x-ndjson";
    private const string Parquet = "application/vnd.apache.parquet";
    private const string Events = "text/event-stream";

    public static StreamBody? Request(string method, string path) => (method, path) switch
    {
        ("POST", "/v1/models") or ("PUT", "/v1/models/{name}") => new(typeof(ModelSpec), MediaTypeNames.Application.Json),
        ("POST", "/v1/pending/{id}/signatures") => new(typeof(PendingSignature), MediaTypeNames.Application.Json),
        ("POST", "/v1/models/{name}/import") => new(null, MediaTypeNames.Application.Octet),
        ("POST", "/v1/datasets/{name}/samples") or ("POST", "/v1/datasets/{name}/labels") => new(null, Lines, Csv, Parquet),
        _ => null,
    };

    public static string[]? Response(string method, string path) => (method, path) switch
    {
        ("GET", "/v1/events") or ("GET", "/v1/training-runs/{id}/events") => [Events],
        ("GET", "/v1/datasets/{name}/export") or ("GET", "/v1/training-runs/{id}/rows/{part}") => [Csv, Lines],
        ("GET", "/v1/training-runs/{id}/log") => [MediaTypeNames.Text.Plain],
        ("GET", "/v1/audit/export") => [Lines],
        (_, "/v1/repository/metadata/timestamp.json") or (_, "/v1/repository/metadata/{file}") => [MediaTypeNames.Application.Json],
        (_, "/v1/repository/targets/{path}") or (_, "/models/{name}.onnx") or ("GET", "/v1/models/{name}/versions/{version}/files/{file}") =>
            [MediaTypeNames.Application.Octet],
        ("GET", "/v1/models/{name}/versions/{version}/card.html") => [MediaTypeNames.Text.Html],
        ("GET", "/v1/models/{name}/versions/{version}/card.md") => ["text/markdown"],
        ("GET", "/v1/models/{name}/versions/{version}/bom" or "/v1/nodes/{id}/bom") => ["application/vnd.cyclonedx+json"],
        ("GET", "/v1/nodes/{id}/history/evidence") => ["application/x-tar"],
        ("GET", "/openapi/v1.json") => [MediaTypeNames.Application.Json],
        _ => null,
    };
}
