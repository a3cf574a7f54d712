using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Http;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

/// <summary>Every route that takes a body gets a sound one with one value replaced by what a stranger may send.</summary>
public sealed partial class BodyTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    private const string Half = "\uFFFF-half";
    private const string Infinite = "\uFFFE-infinite";

    [Fact]
    [Trait("Attack", "malformed-json")]
    public async Task Body_WithAValueThatNoRouteTakes_IsRefusedByEveryRouteThatTakesABody()
    {
        string[] routes = [.. BodyRoutes()];
        Assert.Equal(SoundBodies.Table.Keys.Order(StringComparer.Ordinal), routes.Order(StringComparer.Ordinal));

        foreach (string route in routes)
        {
            Assert.NotEqual("malformed-json", await SendAsync(route, SoundBodies.Table[route]));
            foreach (string body in Refused(SoundBodies.Table[route]))
            {
                string? type = await SendAsync(route, body);
                Assert.True(type is not null, $"{route} took {body}");
            }

            foreach (string body in AtTheEndOfTheRange(SoundBodies.Table[route]).Concat(OfAnotherKind(SoundBodies.Table[route])))
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
        foreach (string request in
            from endpoint in Endpoints()
            where endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true
            from value in values
            let query = string.Join('&', QueryParameterCheck.ParametersOf(endpoint).Select(name => $"{name}={value}"))
            select $"{RouteParameter().Replace($"/{endpoint.RoutePattern.RawText!.Trim('/')}", value)}?{query}")
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

    private IEnumerable<RouteEndpoint> Endpoints() =>
        fixture.Relay.Services.ReadApiRoutes();

    private IEnumerable<string> RoutesOf(Func<string, bool> ofMethod) =>
        from endpoint in Endpoints()
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

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex RouteParameter();
}
