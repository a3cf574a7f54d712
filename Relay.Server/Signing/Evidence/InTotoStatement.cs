using System.Text.Json.Nodes;

namespace Relay.Server.Signing.Evidence;

/// <summary>An in-toto statement, version 1: a predicate about a file.</summary>
internal static class InTotoStatement
{
    private const string Type = "https://in-toto.io/Statement/v1";

    public static JsonObject Create(string subject, string sha256, string predicateType, JsonObject predicate) => new()
    {
        ["_type"] = Type,
        ["subject"] = new JsonArray(new JsonObject { ["name"] = subject, ["digest"] = EvidenceJson.Sha256(sha256) }),
        ["predicateType"] = predicateType,
        ["predicate"] = predicate,
    };
}
