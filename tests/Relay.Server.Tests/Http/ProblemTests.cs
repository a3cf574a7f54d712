using System.Net;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

/// <summary>Bad input over the wire: each answer is problem+json with a stable type.</summary>
public sealed class ProblemTests(PublishedRelay fixture)
{
    [Theory]
    [InlineData("GET", "/nothing", null, HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "/v1", null, HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "/v1/models/unknown", null, HttpStatusCode.NotFound, "unknown-model")]
    [InlineData("GET", "/v1/models/small/versions/99", null, HttpStatusCode.NotFound, "unknown-version")]
    [InlineData("GET", "/v1/models/small/versions/x", null, HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "/v1/models/unknown/versions", null, HttpStatusCode.NotFound, "unknown-model")]
    [InlineData("GET", "/v1/models?limit=x", null, HttpStatusCode.BadRequest, "malformed-request")]
    [InlineData("GET", "/v1/training-runs/99999", null, HttpStatusCode.NotFound, "unknown-training-run")]
    [InlineData("GET", "/v1/training-runs/99999/events", null, HttpStatusCode.NotFound, "unknown-training-run")]
    [InlineData("GET", "/v1/training-runs/99999/curve", null, HttpStatusCode.NotFound, "unknown-training-run")]
    [InlineData("GET", "/v1/training-runs/99999/log", null, HttpStatusCode.NotFound, "unknown-training-run")]
    [InlineData("GET", "/v1/training-runs/1/log?after=-1", null, HttpStatusCode.BadRequest, "invalid-filter")]
    [InlineData("POST", "/v1/training-runs/99999/cancel", null, HttpStatusCode.NotFound, "unknown-training-run")]
    [InlineData("POST", "/v1/training-runs/1/cancel", null, HttpStatusCode.Conflict, "run-finished")]
    [InlineData("GET", "/v1/channels/unknown", null, HttpStatusCode.NotFound, "unknown-channel")]
    [InlineData("GET", "/v1/nodes/unknown/check-ins", null, HttpStatusCode.NotFound, "unknown-node")]
    [InlineData("GET", "/models/unknown.onnx", null, HttpStatusCode.NotFound, "unknown-model")]
    [InlineData("DELETE", "/stats", null, HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("POST", "/v1/models", "", HttpStatusCode.UnprocessableEntity, "invalid-spec")]
    [InlineData("POST", "/v1/models", "{", HttpStatusCode.UnprocessableEntity, "invalid-spec")]
    [InlineData("POST", "/v1/models", "[]", HttpStatusCode.UnprocessableEntity, "invalid-spec")]
    [InlineData("POST", "/v1/models", "{\"name\":\"../x\"}", HttpStatusCode.UnprocessableEntity, "invalid-spec")]
    [InlineData(
        "POST", "/v1/models",
        """{"name":"x","task":"classification","algorithm":"random-forest","columns":[{"name":"a","type":"number"},{"name":"l","type":"label"}],"parameters":{"learningRate":0.1}}""",
        HttpStatusCode.UnprocessableEntity, "invalid-spec")]
    [InlineData("PUT", "/v1/models/other", "{}", HttpStatusCode.UnprocessableEntity, "invalid-spec")]
    [InlineData("POST", "/v1/training-runs", "", HttpStatusCode.BadRequest, "malformed-request")]
    [InlineData("POST", "/v1/training-runs", "{", HttpStatusCode.BadRequest, "malformed-json")]
    [InlineData("POST", "/v1/training-runs", "null", HttpStatusCode.BadRequest, "malformed-request")]
    [InlineData("POST", "/v1/training-runs", "{\"model\":1}", HttpStatusCode.BadRequest, "malformed-json")]
    [InlineData("POST", "/v1/training-runs", "{\"model\":\"small\"}", HttpStatusCode.BadRequest, "malformed-json")]
    [InlineData("POST", "/v1/training-runs", "{\"model\":null,\"data\":{}}", HttpStatusCode.BadRequest, "malformed-json")]
    [InlineData("POST", "/v1/training-runs", "{\"model\":\"a\",\"model\":\"b\",\"data\":{}}", HttpStatusCode.BadRequest, "malformed-json")]
    [InlineData("POST", "/v1/training-runs", "{\"model\":\"small\",\"data\":{\"tarin\":\"x\"}}",
        HttpStatusCode.BadRequest, "malformed-json")]
    [InlineData("POST", "/v1/training-runs", "{\"model\":\"unknown\",\"data\":{\"train\":\"x\"}}",
        HttpStatusCode.NotFound, "unknown-model")]
    [InlineData("POST", "/v1/channels/stable/release", "{}", HttpStatusCode.UnprocessableEntity, "invalid-release")]
    [InlineData("POST", "/v1/channels/stable/release", "{\"models\":[]}", HttpStatusCode.UnprocessableEntity, "invalid-release")]
    [InlineData("POST", "/v1/channels/stable/release", "{\"models\":[{\"name\":\"small\",\"version\":1}],\"release\":1}",
        HttpStatusCode.UnprocessableEntity, "invalid-release")]
    [InlineData("POST", "/v1/channels/stable/release",
        "{\"models\":[{\"name\":\"small\",\"version\":1},{\"name\":\"small\",\"version\":1}]}",
        HttpStatusCode.UnprocessableEntity, "invalid-release")]
    [InlineData("POST", "/v1/channels/stable/release", "{\"models\":[{\"name\":\"small\",\"version\":99}]}",
        HttpStatusCode.NotFound, "unknown-version")]
    [InlineData("POST", "/v1/channels/stable/release", "{\"release\":99}", HttpStatusCode.NotFound, "unknown-release")]
    [InlineData("POST", "/v1/channels/stable/release", "{\"release\":\"1\"}", HttpStatusCode.BadRequest, "malformed-json")]
    [InlineData("POST", "/v1/channels/No%20Channel/release", "{\"release\":1}", HttpStatusCode.UnprocessableEntity, "invalid-release")]
    public async Task Request_Wrong_IsNamedByItsType(string method, string path, string? body, HttpStatusCode status, string type)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        request.Content = body is null ? null : HttpResponses.Json(body);

        using HttpResponseMessage response = await fixture.Relay.Admin.SendAsync(request);

        Assert.Equal(type, await response.ProblemTypeAsync(status));
    }

    [Fact]
    public async Task Request_MalformedJson_NamesLineAndPath()
    {
        using HttpResponseMessage response = await fixture.Relay.Admin.PostAsync(
            Routes.TrainingRuns, HttpResponses.Json("{\n  \"model\": \"small\",\n  \"data\": { \"tarin\": \"x\" }\n}"));

        using System.Text.Json.JsonDocument problem = await response.ProblemAsync(HttpStatusCode.BadRequest);
        string detail = problem.RootElement.GetProperty("detail").GetString()!;
        Assert.Contains("line 3", detail, StringComparison.Ordinal);
        Assert.Contains("$.data.tarin", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Shared.Contracts", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_NotJson_IsUnsupported()
    {
        using HttpResponseMessage response = await fixture.Relay.Admin.PostAsync(Routes.TrainingRuns, new StringContent("{}"));

        Assert.Equal("unsupported-media-type", await response.ProblemTypeAsync(HttpStatusCode.UnsupportedMediaType));
    }

    [Theory]
    [InlineData(Routes.TrainingRuns, 2 * 1024 * 1024)]
    [InlineData("/v1/nodes/n/check-ins", 65 * 1024)]
    [InlineData(Routes.Models, 5 * 1024 * 1024)]
    public async Task Request_TooLarge_IsRefused(string path, int bytes)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path)
        {
            Content = HttpResponses.Json($"{{\"model\":\"{new string('x', bytes)}\"}}"),
        };

        // The relay answers from the announced length alone and closes; a client that already sends would see the close only.
        request.Headers.ExpectContinue = true;

        using HttpResponseMessage response = await fixture.Relay.Admin.SendAsync(request);

        Assert.Equal("too-large", await response.ProblemTypeAsync(HttpStatusCode.RequestEntityTooLarge));
    }

    [Fact]
    public async Task Head_UnknownPath_HasNoBody()
    {
        using HttpRequestMessage request = new(HttpMethod.Head, "/models/unknown.onnx") { Version = HttpVersion.Version20 };

        using HttpResponseMessage response = await fixture.Relay.Anonymous.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task OpenRoute_AskedTooOften_IsRefusedForAWhile()
    {
        await using TestRelay relay = await TestRelay.StartAsync(o => o with { RequestsPerSecondAndAddress = 1 });

        HttpResponseMessage[] responses = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => relay.Anonymous.GetAsync(Routes.LegacyList)));

        Assert.Contains(responses, r => r.StatusCode == HttpStatusCode.OK);
        HttpResponseMessage refused = responses.First(r => r.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal("too-many-requests", await refused.ProblemTypeAsync(HttpStatusCode.TooManyRequests));
        Assert.NotNull(refused.Headers.RetryAfter);
    }
}
