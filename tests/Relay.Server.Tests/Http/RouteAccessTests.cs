using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Http.Access;
using Relay.Server.Storage;
using Relay.Server.Tests.Http.Tokens;
using Relay.TestKit.Nodes;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

/// <summary>Every route with every caller. The table is the answer to "who may"; a route that it lacks fails the test.</summary>
public sealed partial class RouteAccessTests(TokenRelay fixture, PublishedRelay open) : IClassFixture<TokenRelay>
{
    private const string Answer = "an answer";
    private const string NoKey = "no key";
    private const string ExpiredKey = "expired admin key";
    private const string RevokedKey = "revoked admin key";
    private const string MadeUpKey = "made-up key";
    private const string ExpiredToken = "expired admin token";
    private const string OtherToken = "token of another issuer";

    /// <summary>Before a role: a token that has it.</summary>
    private const string Token = "token ";
    private const string TokenWithoutGrant = "token without a grant";

    /// <summary>The node that the paths are about, another one, one that has not enrolled, and one that signs with the key of another.</summary>
    private const string OwnNode = "node x";
    private const string OtherNode = "node y";
    private const string UnknownNode = "unknown node";
    private const string ForgedNode = "forged node";

    private static readonly string[] Strangers = [NoKey, ExpiredKey, RevokedKey, MadeUpKey, UnknownNode, ForgedNode, ExpiredToken, OtherToken];
    private static readonly string[] Roles = ["admin", "trainer", "approver", "operator", "auditor", "node"];

    private static readonly string[] Tokens = [.. Roles.Select(role => Token + role), TokenWithoutGrant];

    private static readonly string[] Everyone = [.. Strangers, .. Roles, OwnNode, OtherNode];
    private static readonly string[] ReadsFiles = [.. Roles, OwnNode, OtherNode];
    private static readonly string[] WritesAsNode = [OwnNode];
    private static readonly string[] Reads = ["admin", "trainer", "approver", "operator", "auditor"];
    private static readonly string[] Trains = ["admin", "trainer"];
    private static readonly string[] Contributes = ["admin", "trainer", OwnNode, OtherNode];
    private static readonly string[] Approves = ["admin", "approver"];
    private static readonly string[] Operates = ["admin", "operator"];
    private static readonly string[] Annotates = ["admin", "trainer", "approver", "operator"];
    private static readonly string[] Administers = ["admin"];

    private static readonly Dictionary<string, string[]> Table = new(StringComparer.Ordinal)
    {
        ["GET /health/live"] = Everyone,
        ["GET /health/ready"] = Everyone,
        ["GET /openapi/v1.json"] = Everyone,
        ["GET /scalar/{documentName?}"] = Everyone,
        ["GET /scalar/scalar.js"] = Everyone,
        ["GET /scalar/scalar.aspnetcore.js"] = Everyone,
        ["GET /scalar/favicon.svg"] = Everyone,

        ["GET HEAD /v1/repository/metadata/timestamp.json"] = ReadsFiles,
        ["GET HEAD /v1/repository/metadata/{file}"] = ReadsFiles,
        ["GET HEAD /v1/repository/targets/{**path}"] = ReadsFiles,
        ["GET /models/list"] = ReadsFiles,
        ["GET HEAD /models/{name}.onnx"] = ReadsFiles,
        ["GET /v1/events"] = ReadsFiles,

        ["POST /v1/nodes/{id}/check-ins"] = WritesAsNode,

        // The token in the body is the credential.
        ["POST /v1/nodes/enroll"] = Everyone,

        ["GET /stats"] = Reads,
        ["GET /v1/trust"] = Reads,
        ["GET /metrics"] = Reads,
        ["GET /v1/models"] = Reads,
        ["GET /v1/models/{name}"] = Reads,
        ["GET /v1/models/{name}/versions"] = Reads,
        ["GET /v1/models/{name}/versions/{version:int}"] = Reads,
        ["GET /v1/models/{name}/versions/{version:int}/files"] = Reads,
        ["GET /v1/models/{name}/versions/{version:int}/files/{file}"] = Reads,
        ["GET /v1/models/{name}/versions/{version:int}/card.json"] = Reads,
        ["GET /v1/models/{name}/versions/{version:int}/card.html"] = Reads,
        ["GET /v1/models/{name}/versions/{version:int}/card.md"] = Reads,
        ["GET /v1/models/{name}/versions/{version:int}/compare"] = Reads,
        ["GET /v1/models/{name}/versions/{version:int}/bom"] = Reads,
        ["GET /v1/nodes/{id}/bom"] = Reads,
        ["GET /v1/models/{name}/aliases"] = Reads,
        ["GET /v1/models/{name}/aliases/{alias}"] = Reads,
        ["GET /v1/models/{name}/aliases/{alias}/history"] = Reads,
        ["GET /v1/models/{name}/tags"] = Reads,
        ["GET /v1/models/{name}/versions/{version:int}/tags"] = Reads,
        ["GET /v1/models/{name}/note"] = Reads,
        ["GET /v1/models/{name}/versions/{version:int}/note"] = Reads,
        ["GET /v1/training-runs"] = Reads,
        ["GET /v1/training-runs/{id:long}"] = Reads,
        ["GET /v1/training-runs/{id:long}/events"] = Reads,
        ["GET /v1/training-runs/{id:long}/curve"] = Reads,
        ["GET /v1/training-runs/{id:long}/log"] = Reads,
        ["GET /v1/channels"] = Reads,
        ["GET /v1/channels/{channel}"] = Reads,
        ["GET /v1/releases"] = Reads,
        ["GET /v1/rollouts"] = Reads,
        ["GET /v1/rollouts/{id:long}"] = Reads,
        ["GET /v1/rollouts/{id:long}/history"] = Reads,
        ["GET /v1/revocations"] = Reads,
        ["GET /v1/pending"] = Reads,
        ["GET /v1/pending/{id}"] = Reads,
        ["GET /v1/nodes"] = Reads,
        ["GET /v1/fleet"] = Reads,
        ["GET /v1/fleet/adoption"] = Reads,
        ["GET /v1/nodes/{id}/check-ins"] = Reads,
        ["GET /v1/nodes/{id}/history"] = Reads,
        ["GET /v1/nodes/{id}/history/evidence"] = Reads,
        ["GET /v1/enrollment-tokens"] = Reads,
        ["GET /v1/webhooks"] = Reads,
        ["GET /v1/webhooks/{id:long}"] = Reads,
        ["GET /v1/webhooks/events"] = Reads,
        ["GET /v1/audit"] = Reads,
        ["GET /v1/audit/export"] = Reads,
        ["GET /v1/audit/head"] = Reads,
        ["GET /v1/audit/heads"] = Reads,

        ["POST /v1/models"] = Trains,
        ["PUT /v1/models/{name}"] = Trains,
        ["POST /v1/models/{name}/import"] = Trains,
        ["GET /v1/training-runs/{id:long}/rows/{part}"] = Trains,
        ["GET /v1/training-triggers"] = Reads,
        ["GET /v1/training-triggers/{id:long}"] = Reads,
        ["POST /v1/training-triggers"] = Trains,
        ["DELETE /v1/training-triggers/{id:long}"] = Trains,
        ["POST /v1/training-triggers/{id:long}/pause"] = Trains,
        ["POST /v1/training-triggers/{id:long}/resume"] = Trains,
        ["GET /v1/datasets"] = Reads,
        ["GET /v1/datasets/{name}"] = Reads,
        ["POST /v1/datasets"] = Trains,
        ["PUT /v1/datasets/{name}"] = Trains,
        ["DELETE /v1/datasets/{name}"] = Trains,
        ["GET /v1/datasets/{name}/export"] = Trains,
        ["POST /v1/datasets/{name}/forget"] = Trains,
        ["POST /v1/datasets/{name}/samples"] = Contributes,
        ["POST /v1/datasets/{name}/labels"] = Contributes,
        ["POST /v1/training-runs"] = Trains,
        ["POST /v1/training-runs/{id:long}/cancel"] = Trains,

        ["PUT /v1/models/{name}/tags/{key}"] = Annotates,
        ["PUT /v1/models/{name}/versions/{version:int}/tags/{key}"] = Annotates,
        ["DELETE /v1/models/{name}/tags/{key}"] = Annotates,
        ["DELETE /v1/models/{name}/versions/{version:int}/tags/{key}"] = Annotates,
        ["PUT /v1/models/{name}/note"] = Annotates,
        ["PUT /v1/models/{name}/versions/{version:int}/note"] = Annotates,
        ["DELETE /v1/models/{name}/note"] = Annotates,
        ["DELETE /v1/models/{name}/versions/{version:int}/note"] = Annotates,

        ["POST /v1/pending/{id}/signatures"] = Approves,

        ["POST /v1/channels/{channel}/release"] = Operates,
        ["DELETE /v1/channels/{channel}"] = Operates,
        ["POST /v1/models/{name}/versions/{version:int}/revoke"] = Operates,
        ["DELETE /v1/models/{name}/versions/{version:int}"] = Operates,
        ["DELETE /v1/training-runs/{id:long}"] = Operates,
        ["POST /v1/models/{name}/archive"] = Operates,
        ["POST /v1/models/{name}/restore"] = Operates,
        ["PUT /v1/models/{name}/aliases/{alias}"] = Operates,
        ["DELETE /v1/models/{name}/aliases/{alias}"] = Operates,
        ["POST /v1/rollouts"] = Operates,
        ["POST /v1/rollouts/{id:long}/pause"] = Operates,
        ["POST /v1/rollouts/{id:long}/resume"] = Operates,
        ["POST /v1/rollouts/{id:long}/skip"] = Operates,
        ["POST /v1/rollouts/{id:long}/halt"] = Operates,
        ["DELETE /v1/pending/{id}"] = Operates,
        ["DELETE /v1/nodes"] = Operates,
        ["POST /v1/nodes/{id}/ban"] = Operates,
        ["POST /v1/nodes/{id}/unban"] = Operates,
        ["DELETE /v1/nodes/{id}"] = Operates,
        ["POST /v1/enrollment-tokens"] = Operates,
        ["DELETE /v1/enrollment-tokens/{id:long}"] = Operates,

        ["POST /v1/webhooks"] = Administers,
        ["DELETE /v1/webhooks/{id:long}"] = Administers,
        ["POST /v1/webhooks/{id:long}/pause"] = Administers,
        ["POST /v1/webhooks/{id:long}/resume"] = Administers,
        ["POST /v1/webhooks/{id:long}/test"] = Administers,

        ["GET /v1/api-keys"] = Administers,
        ["POST /v1/api-keys"] = Administers,
        ["POST /v1/api-keys/{id}/rotate"] = Administers,
        ["DELETE /v1/api-keys/{id}"] = Administers,
    };

    private static readonly ConcurrentDictionary<string, ECDsa> Keys = new(StringComparer.Ordinal);

    public static TheoryData<string> Callers => [.. Everyone, .. Tokens];

    [Fact]
    [Trait("Attack", "forgotten-route")]
    public void EveryRoute_IsInTheTable()
    {
        IEnumerable<string> routes =
            from endpoint in fixture.Relay.Services.ReadApiRoutes()
            let methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["ANY"]
            select $"{string.Join(' ', methods)} /{endpoint.RoutePattern.RawText!.Trim('/')}";

        Assert.Empty(routes.Except(Table.Keys));
        Assert.Equal(Table.Keys.Order(StringComparer.Ordinal), routes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryRole_IsACaller() => Assert.Equal(Enum.GetValues<ApiKeyRole>().Select(role => role.ToString().ToLowerInvariant()), Roles);

    [Theory]
    [Trait("Attack", "api-key")]
    [MemberData(nameof(Callers))]
    public async Task EveryRoute_EachCaller_IsAnsweredAsTheTableSays(string caller)
    {
        using HttpClient client = await ClientOfAsync(caller);
        List<string> wrong = [];
        foreach ((string route, string[] allowed) in Table)
        {
            string role = caller.Replace(Token, "", StringComparison.Ordinal);
            string expected = allowed == Everyone || allowed.Contains(role) ? Answer : Strangers.Contains(caller) ? "Unauthorized" : "Forbidden";
            foreach ((string request, string found) in await AskAsync(client, route))
            {
                if (found != expected)
                {
                    wrong.Add($"{request}: {found}, not {expected}");
                }
            }

            // DELETE /v1/nodes/x removes the node that the paths are about, and POST /v1/nodes/x/ban refuses it.
            if (route.Contains(Routes.Nodes, StringComparison.Ordinal))
            {
                (await fixture.Relay.Admin.PostAsync(Routes.UnbanOf("x"), null)).Dispose();
                await EnrollAsync("x");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task OpenedRoutes_WithoutACredential_AreAnsweredAndNoOther()
    {
        foreach ((string route, string[] allowed) in Table)
        {
            bool isOpen = allowed == ReadsFiles || allowed == WritesAsNode || allowed == Everyone;
            foreach ((string request, string found) in await AskAsync(open.Relay.Anonymous, route))
            {
                Assert.Equal((request, isOpen ? Answer : "Unauthorized"), (request, found));
            }
        }
    }

    private static async Task<IReadOnlyList<(string Request, string Found)>> AskAsync(HttpClient client, string route)
    {
        List<(string, string)> answers = [];
        string[] parts = route.Split(' ');
        string path = RouteParameter().Replace(parts[^1], match => match.Value.Contains(':', StringComparison.Ordinal) ? "7" : "x");
        foreach (string method in parts[..^1])
        {
            // An empty object is no sound body of any route, and nothing but a node is named x: a caller who may send the request changes nothing else.
            using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = method is "GET" or "HEAD" ? null : HttpResponses.Json("{}") };
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answers.Add((
                $"{method} {path}",
                response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden || (int)response.StatusCode >= 500
                    ? $"{response.StatusCode}"
                    : Answer));
        }

        return answers;
    }

    private async Task<HttpClient> ClientOfAsync(string caller)
    {
        await EnrollAsync("x");
        await EnrollAsync("y");
        return caller switch
        {
            OwnNode => Signing("x", Key("x")),
            OtherNode => Signing("y", Key("y")),
            UnknownNode => Signing("unknown", Key("unknown")),
            ForgedNode => Signing("x", Key("y")),
            _ => fixture.Relay.CreateClient(KeyOf(caller)),
        };
    }

    private HttpClient Signing(string node, ECDsa key) =>
        fixture.Relay.CreateClient(inner => new RequestSigner(node, key, TimeProvider.System, inner));

    private async Task EnrollAsync(string node)
    {
        using HttpClient client = Signing(node, Key(node));
        using HttpResponseMessage known = await client.GetAsync(Routes.LegacyList);
        if (known.StatusCode == HttpStatusCode.OK)
        {
            return;
        }

        using HttpResponseMessage enrolled = await client.PostAsJsonAsync(
            Routes.Enroll,
            new NodeEnrollment(node, Convert.ToBase64String(Key(node).ExportSubjectPublicKeyInfo()), await fixture.Relay.CreateEnrollmentTokenAsync()),
            RelayApiJson.Default.NodeEnrollment);
        enrolled.EnsureSuccessStatusCode();
    }

    private static ECDsa Key(string node) => Keys.GetOrAdd(node, _ => ECDsa.Create(ECCurve.NamedCurves.nistP256));

    private string? KeyOf(string caller)
    {
        ApiKeyStore keys = fixture.Relay.Services.GetRequiredService<ApiKeyStore>();
        switch (caller)
        {
            case NoKey:
                return null;
            case TokenWithoutGrant:
                return fixture.CreateToken("none");
            case ExpiredToken:
                return fixture.Issuer.CreateToken(("role", "admin"), ("nbf", 1), ("exp", 2));
            case OtherToken:
                return fixture.Issuer.CreateToken(("role", "admin"), ("iss", "https://other.example.com"));
            case string token when token.StartsWith(Token, StringComparison.Ordinal):
                return fixture.CreateToken(token[Token.Length..]);
            case MadeUpKey:
                return ApiKeyText.Create().Key;
            case RevokedKey:
                ApiKeyIssued revoked = keys.Create(caller, ApiKeyRole.Admin, null).Value!;
                Assert.Null(keys.Revoke(revoked.Key.Id));
                return revoked.Text;
            case ExpiredKey:
                ApiKeyIssued expired = keys.Create(caller, ApiKeyRole.Admin, null).Value!;
                fixture.Relay.Services.GetRequiredService<RelayDatabase>().Write((connection, transaction) =>
                    connection.Execute("UPDATE api_keys SET expires_at = 1 WHERE id = @Id", new { expired.Key.Id }, transaction));
                return expired.Text;
            default:
                Result<ApiKeyIssued, ApiKeyRefusal> made = keys.Create(caller, AccessPolicies.RoleNamed(caller)!.Value, null);
                return made.Value!.Text;
        }
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex RouteParameter();
}
