using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

/// <summary>A parameter that a route does not have is refused where people ask, and ignored where nodes do.</summary>
public sealed partial class QueryParameterTests(PublishedRelay fixture)
{
    private static readonly string[] NodePolicies = ["open", "reader", "node", "contribute"];

    [Fact]
    public async Task EveryRouteOfPeople_UnknownParameter_IsRefusedBeforeAnythingElse()
    {
        List<string> wrong = [];
        foreach ((string method, string path) in Routes(isForNodes: false))
        {
            using HttpResponseMessage response = await SendAsync(method, $"{path}?no-such-parameter=1");
            if (response.StatusCode != HttpStatusCode.BadRequest
                || await response.ProblemTypeAsync(HttpStatusCode.BadRequest) != "unknown-parameter")
            {
                wrong.Add($"{method} {path}: {response.StatusCode}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task EveryRouteOfNodes_UnknownParameter_IsIgnored()
    {
        (string Method, string Path)[] routes = [.. Routes(isForNodes: true)];
        Assert.Contains(("GET", "/v1/events"), routes);
        Assert.Contains(("POST", "/v1/nodes/enroll"), routes);
        foreach ((string method, string path) in routes)
        {
            using HttpResponseMessage response = await SendAsync(method, $"{path}?no-such-parameter=1");
            Assert.DoesNotContain(
                "unknown-parameter",
                response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Request_UnknownParameters_NamesThemAndThoseThatExist()
    {
        using HttpResponseMessage response = await fixture.Relay.Admin.GetAsync("/v1/training-runs?limit=2&modle=small&stat=done");

        using JsonDocument problem = await response.ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(["modle", "stat"], Texts(problem, "unknown"));
        Assert.Equal(["cursor", "dataset", "limit", "model", "since", "state", "until"], Texts(problem, "parameters").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/v1/models?limit=1&cursor=a")]
    [InlineData("/v1/models?LIMIT=1")]
    [InlineData("/v1/models?")]
    [InlineData("/v1/fleet?hours=3")]
    [InlineData("/v1/models/small/versions?limit=1&cursor=9")]
    [InlineData("/v1/releases?cursor=4&limit=4")]
    public async Task Request_KnownParameters_IsAnswered(string path)
    {
        using HttpResponseMessage response = await fixture.Relay.Admin.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>No database of texts takes one.</summary>
    [Theory]
    [InlineData("/v1/audit?actor=a%00")]
    [InlineData("/v1/models?cursor=%00")]
    [InlineData("/v1/models?cursor=&cursor=%00")]
    public async Task Request_TextWithNul_IsRefused(string path)
    {
        using HttpResponseMessage response = await fixture.Relay.Admin.GetAsync(path);

        using JsonDocument problem = await response.ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Contains("NUL", problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_ItsParametersAndOneMore_NamesTheOneAlone()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/models/small/import?file=a.onnx&test=b.csv&output=o&accept=x&reason=y&outptu=z");
        using HttpResponseMessage response = await fixture.Relay.Admin.SendAsync(request);

        using JsonDocument problem = await response.ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(["outptu"], Texts(problem, "unknown"));
        Assert.Equal(["accept", "file", "output", "reason", "test"], Texts(problem, "parameters").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Stranger_UnknownParameter_IsUnauthorized()
    {
        using HttpResponseMessage response = await fixture.Relay.Anonymous.GetAsync("/v1/models?no-such-parameter=1");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static IEnumerable<string> Texts(JsonDocument problem, string member) =>
        problem.RootElement.GetProperty(member).EnumerateArray().Select(item => item.GetString()!);

    private async Task<HttpResponseMessage> SendAsync(string method, string path)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path)
        {
            Content = method is "GET" or "HEAD" ? null : HttpResponses.Json("{}"),
        };
        return await fixture.Relay.Admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private IEnumerable<(string Method, string Path)> Routes(bool isForNodes) =>
        from source in fixture.Relay.Services.GetServices<EndpointDataSource>()
        from endpoint in source.Endpoints.OfType<RouteEndpoint>()
        where $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}".StartsWith("/v1/", StringComparison.Ordinal)
        where endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => NodePolicies.Contains(data.Policy)) == isForNodes
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        where method != "HEAD"
        select (method, RouteParameter().Replace(
            $"/{endpoint.RoutePattern.RawText!.Trim('/')}", match => match.Value.Contains(':', StringComparison.Ordinal) ? "7" : "x"));

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex RouteParameter();
}
