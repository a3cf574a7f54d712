using System.Text.Json.Nodes;

namespace Relay.Server.Tests.OpenApi;

/// <summary>An example of each JSON body. A test sends each: the relay takes its form.</summary>
internal static class BodyExamples
{
    public static IReadOnlyDictionary<string, string> Table { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["POST /v1/models"] = Spec,
        ["PUT /v1/models/{name}"] = Spec,
        ["POST /v1/models/{name}/versions/{version}/revoke"] = """{ "reason": "learned from poisoned rows" }""",
        ["PUT /v1/models/{name}/aliases/{alias}"] = """{ "version": 3 }""",
        ["PUT /v1/models/{name}/tags/{key}"] = """{ "value": "trial" }""",
        ["PUT /v1/models/{name}/versions/{version}/tags/{key}"] = """{ "value": "trial" }""",
        ["PUT /v1/models/{name}/note"] = Note,
        ["PUT /v1/models/{name}/versions/{version}/note"] = Note,
        ["POST /v1/training-runs"] = """{ "model": "login-risk", "data": { "train": "logins.csv" } }""",
        ["POST /v1/training-triggers"] =
            """{ "model": "login-risk", "data": { "dataset": { "name": "logins" } }, "rule": { "newSamples": 10000 } }""",
        ["POST /v1/channels/{channel}/release"] = """{ "models": [{ "name": "login-risk", "version": 3 }] }""",
        ["POST /v1/rollouts"] = """
            {
              "channel": "stable",
              "models": [{ "name": "login-risk", "version": 4 }],
              "rule": {
                "stages": [{ "percentage": 1, "minSeconds": 600, "maxSeconds": 86400 }, { "percentage": 100, "minSeconds": 600, "maxSeconds": 86400 }],
                "roundSeconds": 300,
                "alpha": 0.05,
                "tolerated": 3,
                "minNodes": 50,
                "metrics": [{ "name": "failures", "kind": "Failures", "cap": 0.1, "harm": 0.01, "passMargin": 0.02, "minWhole": 20 }],
                "thresholds": []
              }
            }
            """,
        ["POST /v1/pending/{id}/signatures"] = """
            { "signatures": [{ "keyid": "0f0b2f1c5a3d7e9b0f0b2f1c5a3d7e9b0f0b2f1c5a3d7e9b0f0b2f1c5a3d7e9b", "sig": "3045022100c0ffee02200decaf" }] }
            """,
        ["POST /v1/datasets"] = Dataset,
        ["PUT /v1/datasets/{name}"] = Dataset,
        ["POST /v1/datasets/{name}/forget"] = """{ "ids": ["logins.6f1d0a2be7f64b0c9d2f6a1c1f0e8d11"] }""",
        ["POST /v1/nodes/enroll"] = """{ "node": "shop-7", "publicKey": "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE", "token": "relay_enroll_1_secret" }""",
        ["POST /v1/nodes/{id}/check-ins"] = """
            { "node": "shop-7", "at": "2030-01-31T12:00:00Z", "channel": "stable", "release": 3, "stale": false, "models": [], "refusals": [], "quarantine": [] }
            """,
        ["POST /v1/enrollment-tokens"] = """{ "name": "rollout-3", "uses": 200, "expiresInDays": 2 }""",
        ["POST /v1/webhooks"] =
            """{ "url": "https://ops.example.com/relay", "events": ["rollout.halted", "training_run.failed"], "name": "operations" }""",
        ["POST /v1/api-keys"] = """{ "name": "nightly training", "role": "trainer", "expiresAt": "2030-01-31T12:00:00Z", "owner": "ada" }""",
        ["POST /v1/api-keys/{id}/rotate"] = """{ "overlapMinutes": 60 }""",
    };

    private static string Note => """{ "text": "Trained without the rows of **March**: their labels came late." }""";

    private static string Spec => """
        {
          "name": "login-risk",
          "task": "classification",
          "algorithm": "gradient-boosting",
          "columns": [
            { "name": "duration", "type": "number" },
            { "name": "src_bytes", "type": "number" },
            { "name": "protocol", "type": "category" },
            { "name": "verdict", "type": "label" }
          ]
        }
        """;

    private static string Dataset => """
        {
          "name": "logins",
          "columns": [
            { "name": "src_bytes", "type": "number", "nodes": true },
            { "name": "protocol", "type": "category", "nodes": true },
            { "name": "verdict", "type": "label" }
          ],
          "label": { "classes": ["normal", "attack"] }
        }
        """;

    public static JsonNode? Find(string method, string path) => Table.TryGetValue($"{method} {path}", out string? text) ? JsonNode.Parse(text) : null;
}
