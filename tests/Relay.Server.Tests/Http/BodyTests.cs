using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Http;

/// <summary>Every route that takes a body gets a sound one with one value replaced by what a stranger may send.</summary>
public sealed partial class BodyTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    private const string Half = "\uFFFF-half";
    private const string Infinite = "\uFFFE-infinite";

    /// <summary>A sound body of each route; the requests name nothing that exists, so that none changes the relay.</summary>
    private static readonly Dictionary<string, string> Sound = new(StringComparer.Ordinal)
    {
        ["POST /v1/nodes/{id}/check-ins"] = CheckIn(),
        ["POST /v1/nodes/{id}/ban"] = """{"a":[1,"b"]}""",
        ["POST /v1/nodes/{id}/unban"] = """{"a":[1,"b"]}""",
        ["POST /v1/models"] = Spec(),
        ["PUT /v1/models/{name}"] = Spec(),
        ["POST /v1/models/{name}/versions/{version:int}/revoke"] = """{"reason":"poisoned rows"}""",
        ["POST /v1/models/{name}/import"] = """{"a":[1,"b"]}""",
        ["POST /v1/training-runs"] =
            """{"model":"unknown","data":{"train":"a.csv","test":"b.csv","simulator":{"seed":1,"requests":1000}}}""",
        ["POST /v1/training-runs/{id:long}/cancel"] = """{"a":[1,"b"]}""",
        ["POST /v1/channels/{channel}/release"] = """{"models":[{"name":"unknown","version":1}]}""",
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

    [Fact]
    [Trait("Attack", "malformed-json")]
    public async Task Body_WithAValueThatNoRouteTakes_IsRefusedByEveryRouteThatTakesABody()
    {
        string[] routes = [.. BodyRoutes()];
        Assert.Equal(Sound.Keys.Order(StringComparer.Ordinal), routes.Order(StringComparer.Ordinal));

        foreach (string route in routes)
        {
            Assert.NotEqual("malformed-json", await SendAsync(route, Sound[route]));
            foreach (string body in Refused(Sound[route]))
            {
                string? type = await SendAsync(route, body);
                Assert.True(type is not null, $"{route} took {body}");
            }

            foreach (string body in AtTheEndOfTheRange(Sound[route]).Concat(OfAnotherKind(Sound[route])))
            {
                await SendAsync(route, body);
            }

            foreach (string read in (string[])[Routes.LegacyStats, Routes.Nodes, Routes.CheckInsOf("x"), Routes.Models])
            {
                using HttpResponseMessage answer = await fixture.Relay.Admin.GetAsync(read);
                Assert.True((int)answer.StatusCode < 500, $"{read} after {route}: {answer.StatusCode}");
            }
        }
    }

    [Fact]
    [Trait("Attack", "malformed-json")]
    public async Task PathAndQuery_AtTheEndOfTheirRange_AreNeverAFailureOfTheRelay()
    {
        string[] values = ["x", "-1", "0", "2147483648", "9223372036854775807", "-9223372036854775808", "%00", "%ED%A0%80", "%0A%1b", "..%2f..%2fx",
            new('9', 3000)];
        string[] paths = [.. from route in RoutesOf(method => method is "GET") select route.Split(' ')[1]];
        foreach (string request in
            from path in paths
            from value in values
            select $"{RouteParameter().Replace(path, value)}?limit={value}&cursor={value}&notSeenSince={value}&at={value}")
        {
            using HttpResponseMessage response = await fixture.Relay.Admin.GetAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.True((int)response.StatusCode < 500, $"{response.StatusCode} of {request}");
        }
    }

    [Fact]
    public async Task Body_InAnotherEncodingThanUtf8_IsUnsupported()
    {
        using StringContent body = new("{}", System.Text.Encoding.Unicode, "application/json");
        using HttpResponseMessage response = await fixture.Relay.Admin.PostAsync(Routes.TrainingRuns, body);

        Assert.Equal("unsupported-media-type", await response.ProblemTypeAsync(HttpStatusCode.UnsupportedMediaType));
    }

    /// <summary>Every route with a method that may have a body.</summary>
    private IEnumerable<string> BodyRoutes() => RoutesOf(method => method is not ("GET" or "HEAD"));

    private IEnumerable<string> RoutesOf(Func<string, bool> ofMethod) =>
        from source in fixture.Relay.Services.GetServices<EndpointDataSource>()
        from endpoint in source.Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["POST"]
        where ofMethod(method)
        select $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}";

    /// <returns>The type of the problem; null where the relay took the request.</returns>
    private async Task<string?> SendAsync(string route, string body)
    {
        string[] parts = route.Split(' ');
        string path = RouteParameter().Replace(parts[1], match => match.Value.Contains(':', StringComparison.Ordinal) ? "7" : "x");
        using HttpRequestMessage request = new(new HttpMethod(parts[0]), path) { Content = HttpResponses.Json(body) };
        using HttpResponseMessage response = await fixture.Relay.Admin.SendAsync(request);
        int status = (int)response.StatusCode;
        Assert.True(status < 500, $"{status} of {route} for {body}");
        return status < 400 ? null : await response.ProblemTypeAsync(response.StatusCode);
    }

    private static IEnumerable<string> Refused(string body) =>
        Mutants(body, node => node is JsonArray, () => null, append: true)
            .Concat(Mutants(body, IsText, () => JsonValue.Create(Half)))
            .Concat(Mutants(body, IsNumber, () => JsonValue.Create(Infinite)))
            .Append(body.Insert(1, "\"\\ud800\":1,"));

    private static IEnumerable<string> AtTheEndOfTheRange(string body) =>
        from number in (string[])["9223372036854775807", "-9223372036854775808", "99999999999999999999", "1e308", "-1", "2147483647"]
        from mutant in Mutants(body, IsNumber, () => JsonNode.Parse(number))
        select mutant;

    private static IEnumerable<string> OfAnotherKind(string body) =>
        (from other in (string[])["null", "true", "{}", "[]", "{\"unknown\":1}"]
         from mutant in Mutants(body, _ => true, () => JsonNode.Parse(other))
         select mutant).Concat(["null", "", "[]", "7", "{", "x"]);

    private static bool IsText(JsonNode node) => node.GetValueKind() is JsonValueKind.String;

    private static bool IsNumber(JsonNode node) => node.GetValueKind() is JsonValueKind.Number;

    /// <summary>The body once for each value that fits, with that value replaced, or with an item added to the list.</summary>
    private static IEnumerable<string> Mutants(string body, Predicate<JsonNode> fits, Func<JsonNode?> value, bool append = false)
    {
        int count = Values(JsonNode.Parse(body)!).Count(node => fits(node));
        for (int i = 0; i < count; i++)
        {
            JsonNode root = JsonNode.Parse(body)!;
            JsonNode chosen = Values(root).Where(node => fits(node)).ElementAt(i);
            if (append)
            {
                ((JsonArray)chosen).Add(value());
            }
            else
            {
                chosen.ReplaceWith(value());
            }

            yield return root.ToJsonString()
                .Replace("\"\\uFFFF-half\"", "\"\\ud83d\"", StringComparison.Ordinal)
                .Replace("\"\\uFFFE-infinite\"", "1e999", StringComparison.Ordinal);
        }
    }

    private static IEnumerable<JsonNode> Values(JsonNode node) => node switch
    {
        JsonObject parent => parent.Select(member => member.Value).OfType<JsonNode>().SelectMany(Values).Prepend(node),
        JsonArray list => list.OfType<JsonNode>().SelectMany(Values).Prepend(node),
        _ => [node],
    };

    private static string CheckIn() => JsonSerializer.Serialize(
        Reports.Valid("x") with
        {
            Steering = "pinned to release 2",
            Models = [new("small", 1, Reports.Sha256, "managed", 1, 1) { CallerFaults = 1, SchemaHash = Reports.Sha256, SchemaSource = "Stated" }],
            Cut = ["models: 300 are too many, the first 256 follow"],
            Shadow = [new() { Model = "small", Active = 1, Candidate = 2, State = ShadowState.Running, Calls = 5, Disagreements = 1,
                LargestDifference = 0.5 }],
        },
        RelayApiJson.Default.CheckIn);

    private static string Spec() => JsonSerializer.Serialize(SmallModel.Spec("x"), ModelJson.Default.ModelSpec);

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex RouteParameter();
}
