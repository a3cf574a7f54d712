using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Relay.Server.Signing.Evidence;

/// <summary>The JSON form of evidence: standard JSON for any parser, not escaped for web pages.</summary>
internal static class EvidenceJson
{
    private static readonly JsonSerializerOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json, Form);

    public static JsonObject Sha256(string hex) => new() { ["sha256"] = hex };
}
