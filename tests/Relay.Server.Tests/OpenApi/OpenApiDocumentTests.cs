using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Http.OpenApi;
using Relay.Server.Tests.Http;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.OpenApi;

/// <summary>The OpenAPI document that the relay serves is that of its routes.</summary>
public sealed class OpenApiDocumentTests(OpenApiDocumentTests.DescribedRelay fixture) : IClassFixture<OpenApiDocumentTests.DescribedRelay>
{
    private static readonly string File = RepositoryRoot.Combine("Relay.Server", "Http", "OpenApi", "relay.openapi.json");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_IsThatOfTheRoutes()
    {
        string written = await RelayDocument.WriteAsync(fixture.Relay, Cancel);
        if (Environment.GetEnvironmentVariable("RELAY_WRITE_OPENAPI") == "1")
        {
            await System.IO.File.WriteAllTextAsync(File, written, Cancel);
        }

        bool isSame = await System.IO.File.ReadAllTextAsync(File, Cancel) == written;
        Assert.True(isSame, "the routes have changed: run build/openapi, and look at the change");
    }

    [Fact]
    public async Task Document_HasEachRoute()
    {
        JsonNode document = JsonNode.Parse(await System.IO.File.ReadAllTextAsync(File, Cancel))!;
        IEnumerable<string> routes =
            from endpoint in fixture.Relay.Services.ReadApiRoutes()
            let path = RouteTexts.Path(endpoint.RoutePattern.RawText!)
            where !path.StartsWith(ApiDescription.Page, StringComparison.Ordinal)
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
            select $"{method.ToLowerInvariant()} {path}";

        Assert.Equal(routes.Order(StringComparer.Ordinal), Operations(document).Select(found => found.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Document_EachOperation_HasAllThatAReaderNeeds()
    {
        JsonNode document = JsonNode.Parse(await System.IO.File.ReadAllTextAsync(File, Cancel))!;
        HashSet<string> ids = new(StringComparer.Ordinal);
        List<string> wrong = [];
        foreach ((string name, JsonNode operation) in Operations(document))
        {
            string summary = (string?)operation["summary"] ?? "";
            bool hasBody = operation["requestBody"]?["content"]?["application/json"] is not null;
            bool hasAnswer = operation["responses"]!.AsObject().Any(answer => answer.Key.StartsWith('2'));
            if (summary.Length is 0 or > 90 || summary.EndsWith('.') || !ids.Add((string)operation["operationId"]!)
                || (hasBody && operation["requestBody"]!["content"]!["application/json"]!["example"] is null) || !hasAnswer
                || (operation["parameters"]?.AsArray() ?? []).Any(parameter => ((string?)parameter!["description"])?.StartsWith('`') != false))
            {
                wrong.Add(name);
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(
            document["tags"]!.AsArray().Select(tag => (string)tag!["name"]!).Order(StringComparer.Ordinal),
            Operations(document).Select(found => (string)found.Operation["tags"]![0]!).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("3.1", ((string)document["openapi"]!)[..3]);
    }

    [Fact]
    public async Task Document_EachOperation_HasItsProblemsAndTheTypeOfWhatItReads()
    {
        JsonNode document = JsonNode.Parse(await System.IO.File.ReadAllTextAsync(File, Cancel))!;

        Assert.All(Operations(document), found =>
        {
            JsonNode answers = found.Operation["responses"]!;
            Assert.All(
                ["4XX", "5XX"], status => Assert.NotNull(answers[status]?["content"]?["application/problem+json"]?["schema"]?["$ref"]));
            Assert.True(
                !found.Name.StartsWith("get ", StringComparison.Ordinal) || answers["200"]?["content"] is JsonObject { Count: > 0 }, found.Name);
        });
    }

    [Theory]
    [InlineData("POST", "/v1/models/login-risk/import", "file", "test")]
    [InlineData("DELETE", "/v1/nodes", "notSeenSince")]
    [InlineData("GET", "/v1/nodes/shop-7/history/evidence", "at")]
    [InlineData("GET", "/v1/models/login-risk/versions/7/compare", "with")]
    public async Task RequiredParameters_Missing_AreNamed(string method, string path, params string[] names)
    {
        using HttpContent spec = HttpResponses.Json(BodyExamples.Table["POST /v1/models"]);
        using HttpResponseMessage made = await fixture.Relay.Admin.PutAsync("/v1/models/login-risk", spec, Cancel);
        using HttpRequestMessage request = new(new(method), path);
        if (method == "POST")
        {
            request.Content = new ByteArrayContent([1]) { Headers = { ContentType = new("application/octet-stream") } };
        }

        using HttpResponseMessage refused = await fixture.Relay.Admin.SendAsync(request, Cancel);
        string answer = await refused.Content.ReadAsStringAsync(Cancel);

        Assert.InRange((int)refused.StatusCode, 400, 499);
        Assert.All(names, name => Assert.Contains(name, answer, StringComparison.Ordinal));
        JsonNode document = JsonNode.Parse(await System.IO.File.ReadAllTextAsync(File, Cancel))!;
        string described = $"{method.ToLowerInvariant()} {path.Replace("login-risk", "{name}", StringComparison.Ordinal)
            .Replace("shop-7", "{id}", StringComparison.Ordinal).Replace("/7/", "/{version}/", StringComparison.Ordinal)}";
        Assert.Equal(
            names,
            Operations(document).Single(found => found.Name == described).Operation["parameters"]!.AsArray()
                .Where(parameter => (string)parameter!["in"]! == "query" && (bool?)parameter["required"] == true)
                .Select(parameter => (string)parameter!["name"]!));
    }

    [Fact]
    public async Task Document_ServedToAnyone_IsTheFileAndUnchangedByItsTag()
    {
        using HttpResponseMessage served = await fixture.Relay.Anonymous.GetAsync("/openapi/v1.json", Cancel);
        using HttpRequestMessage again = new(HttpMethod.Get, "/openapi/v1.json");
        again.Headers.IfNoneMatch.Add(served.Headers.ETag!);
        using HttpResponseMessage unchanged = await fixture.Relay.Anonymous.SendAsync(again, Cancel);

        Assert.Equal(await System.IO.File.ReadAllTextAsync(File, Cancel), await served.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task Page_LoadsNothingFromElsewhere()
    {
        using HttpResponseMessage page = await fixture.Relay.Anonymous.GetAsync("/scalar/", Cancel);
        string html = await page.Content.ReadAsStringAsync(Cancel);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("openapi/v1.json", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examples_SentToTheRelay_HaveTheFormThatItTakes()
    {
        List<string> wrong = [];
        Assert.NotNull(JsonSerializer.Deserialize(BodyExamples.Table["POST /v1/nodes/{id}/check-ins"], RelayApiJson.Default.CheckIn));
        foreach ((string route, string body) in BodyExamples.Table.Where(example => !example.Key.Contains("/nodes/", StringComparison.Ordinal)))
        {
            string[] parts = route.Split(' ');
            string path = parts[1].Replace("{version}", "7", StringComparison.Ordinal).Replace("{name}", "logins", StringComparison.Ordinal)
                .Replace("{id}", "7", StringComparison.Ordinal).Replace("{channel}", "stable", StringComparison.Ordinal)
                .Replace("{alias}", "champion", StringComparison.Ordinal).Replace("{key}", "stage", StringComparison.Ordinal);
            using HttpRequestMessage request = new(new(parts[0]), path) { Content = HttpResponses.Json(body) };
            using HttpResponseMessage response = await fixture.Relay.Admin.SendAsync(request, Cancel);
            string answer = await response.Content.ReadAsStringAsync(Cancel);
            if (answer.Contains("urn:relay:problem:bad-request", StringComparison.Ordinal)
                || response.StatusCode is HttpStatusCode.BadRequest or >= HttpStatusCode.InternalServerError)
            {
                wrong.Add($"{route}: {response.StatusCode} {answer}");
            }
        }

        Assert.Empty(wrong);
    }

    private static IEnumerable<(string Name, JsonNode Operation)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Key != "parameters"
        select ($"{operation.Key} {path.Key}", operation.Value!);

    /// <summary>A relay that can describe its routes.</summary>
    public sealed class DescribedRelay : IAsyncLifetime
    {
        public TestRelay Relay { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Relay = await TestRelay.StartAsync(options => options with { MoreServices = RelayDocument.AddTo });

        public ValueTask DisposeAsync() => Relay.DisposeAsync();
    }
}
