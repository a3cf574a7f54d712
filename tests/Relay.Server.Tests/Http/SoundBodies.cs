using System.Text.Json;
using Relay.Server.Tests.Datasets;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Http;

/// <summary>A sound body of each route that takes one; the requests name nothing that exists, so that none changes the relay.</summary>
internal static class SoundBodies
{
    public static readonly IReadOnlyDictionary<string, string> Table = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["POST /v1/nodes/{id}/check-ins"] = CheckIn(),
        ["POST /v1/nodes/{id}/ban"] = """{"a":[1,"b"]}""",
        ["POST /v1/nodes/{id}/unban"] = """{"a":[1,"b"]}""",
        ["POST /v1/models"] = Spec(),
        ["PUT /v1/models/{name}"] = Spec(),
        ["POST /v1/models/{name}/versions/{version:int}/revoke"] = """{"reason":"poisoned rows"}""",
        ["POST /v1/models/{name}/archive"] = """{"a":[1,"b"]}""",
        ["POST /v1/models/{name}/restore"] = """{"a":[1,"b"]}""",
        ["PUT /v1/models/{name}/aliases/{alias}"] = """{"version":1}""",
        ["DELETE /v1/models/{name}/versions/{version:int}"] = """{"a":[1,"b"]}""",
        ["DELETE /v1/training-runs/{id:long}"] = """{"a":[1,"b"]}""",
        ["DELETE /v1/models/{name}/aliases/{alias}"] = """{"a":[1,"b"]}""",
        ["PUT /v1/models/{name}/tags/{key}"] = """{"value":"trial"}""",
        ["PUT /v1/models/{name}/versions/{version:int}/tags/{key}"] = """{"value":"trial"}""",
        ["DELETE /v1/models/{name}/tags/{key}"] = """{"a":[1,"b"]}""",
        ["DELETE /v1/models/{name}/versions/{version:int}/tags/{key}"] = """{"a":[1,"b"]}""",
        ["PUT /v1/models/{name}/note"] = """{"text":"a note"}""",
        ["PUT /v1/models/{name}/versions/{version:int}/note"] = """{"text":"a note"}""",
        ["DELETE /v1/models/{name}/note"] = """{"a":[1,"b"]}""",
        ["DELETE /v1/models/{name}/versions/{version:int}/note"] = """{"a":[1,"b"]}""",
        ["POST /v1/models/{name}/import"] = """{"a":[1,"b"]}""",
        ["POST /v1/training-triggers"] = """{"model":"unknown","data":{"dataset":{"name":"x"}},"rule":{"newSamples":5}}""",
        ["DELETE /v1/training-triggers/{id:long}"] = """{"a":[1,"b"]}""",
        ["POST /v1/training-triggers/{id:long}/pause"] = """{"a":[1,"b"]}""",
        ["POST /v1/training-triggers/{id:long}/resume"] = """{"a":[1,"b"]}""",
        ["POST /v1/datasets"] = Dataset("No Name"),
        ["PUT /v1/datasets/{name}"] = Dataset("unknown"),
        ["DELETE /v1/datasets/{name}"] = """{"a":[1,"b"]}""",
        ["POST /v1/datasets/{name}/forget"] = """{"ids":["a"]}""",
        ["POST /v1/datasets/{name}/samples"] = """{"a":[1,"b"]}""",
        ["POST /v1/datasets/{name}/labels"] = """{"a":[1,"b"]}""",
        ["POST /v1/training-runs"] =
            """{"model":"unknown","data":{"train":"a.csv","test":"b.csv","simulator":{"seed":1,"requests":1000}}}""",
        ["POST /v1/training-runs/{id:long}/cancel"] = """{"a":[1,"b"]}""",
        ["POST /v1/channels/{channel}/release"] = """{"models":[{"name":"unknown","version":1}]}""",
        ["DELETE /v1/channels/{channel}"] = """{"a":[1,"b"]}""",
        ["POST /v1/pending/{id}/signatures"] = """{"signatures":[{"keyid":"ab","sig":"cd"}]}""",
        ["POST /v1/api-keys"] = """{"name":"x","role":"unknown","expiresAt":"2001-01-01T00:00:00Z"}""",
        ["POST /v1/api-keys/{id}/rotate"] = """{"overlapMinutes":5}""",
        ["DELETE /v1/api-keys/{id}"] = """{"a":[1,"b"]}""",
        ["DELETE /v1/pending/{id}"] = """{"a":[1,"b"]}""",
        ["DELETE /v1/nodes/{id}"] = """{"a":[1,"b"]}""",
        ["DELETE /v1/nodes"] = """{"a":[1,"b"]}""",
        ["POST /v1/nodes/enroll"] = """{"node":"unknown","publicKey":"AAAA","token":"unknown"}""",
        ["POST /v1/enrollment-tokens"] = """{"name":"No Name","uses":1}""",
        ["DELETE /v1/enrollment-tokens/{id:long}"] = """{"a":[1,"b"]}""",
        ["POST /v1/webhooks"] = """{"url":"http://example.com","events":["unknown"],"name":"x"}""",
        ["DELETE /v1/webhooks/{id:long}"] = """{"a":[1,"b"]}""",
        ["POST /v1/webhooks/{id:long}/pause"] = """{"a":[1,"b"]}""",
        ["POST /v1/webhooks/{id:long}/resume"] = """{"a":[1,"b"]}""",
        ["POST /v1/webhooks/{id:long}/test"] = """{"a":[1,"b"]}""",
        ["POST /v1/rollouts"] =
            """
            {"channel":"unknown","models":[{"name":"unknown","version":1}],"rule":{"stages":[{"percentage":10,"minSeconds":1,"maxSeconds":60}],
            "roundSeconds":60,"alpha":0.05,"tolerated":0,"minNodes":10,"metrics":[{"name":"f","kind":"Failures","cap":0.1,"harm":0.01,"passMargin":0.05,
            "minWhole":20}],"thresholds":[{"metric":"f","above":0,"share":0.3,"minCount":6}],"ramp":{"start":1,"factor":2,"maxPerMinute":10},
            "window":{"from":"22:00:00","to":"04:00:00"}}}
            """,
        ["POST /v1/rollouts/{id:long}/pause"] = """{"a":[1,"b"]}""",
        ["POST /v1/rollouts/{id:long}/resume"] = """{"a":[1,"b"]}""",
        ["POST /v1/rollouts/{id:long}/skip"] = """{"a":[1,"b"]}""",
        ["POST /v1/rollouts/{id:long}/halt"] = """{"a":[1,"b"]}""",
    };

    private static string Dataset(string name) =>
        JsonSerializer.Serialize(SmallDataset.Spec(name), RelayApiJson.Default.DatasetSpec);

    private static string CheckIn() => JsonSerializer.Serialize(
        Reports.Valid("x") with
        {
            Steering = "pinned to release 2",
            Library = "Sync.Client 0.1.0",
            Models = [new("small", 1, Reports.Sha256, "managed", 1, 1) { CallerFaults = 1, SchemaHash = Reports.Sha256, SchemaSource = "Stated" }],
            Cut = ["models: 300 are too many, the first 256 follow"],
            Shadow = [new() { Model = "small", Active = 1, Candidate = 2, State = ShadowState.Running, Calls = 5, Disagreements = 1,
                LargestDifference = 0.5 }],
        },
        RelayApiJson.Default.CheckIn);

    private static string Spec() => JsonSerializer.Serialize(SmallModel.Spec("x"), ModelJson.Default.ModelSpec);
}
