using System.Data.Common;
using System.Net;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Http.Access;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

public sealed class AccessTests(PublishedRelay fixture)
{
    public static TheoryData<string, string> AdminRoutes => new()
    {
        { "GET", Routes.Models },
        { "POST", Routes.Models },
        { "PUT", Routes.Models + "/x" },
        { "GET", Routes.Models + "/small/versions/1" },
        { "GET", Routes.TrainingRuns },
        { "POST", Routes.TrainingRuns },
        { "GET", Routes.TrainingRuns + "/1/events" },
        { "POST", Routes.TrainingRuns + "/1/cancel" },
        { "GET", Routes.Channels },
        { "POST", Routes.ReleaseOf("stable") },
        { "GET", Routes.Releases },
        { "GET", Routes.Revocations },
        { "GET", Routes.Nodes },
        { "DELETE", Routes.Nodes },
        { "DELETE", Routes.NodeOf("n") },
        { "GET", Routes.CheckInsOf("n") },
        { "GET", Routes.LegacyStats },
    };

    [Fact]
    public void EveryRoute_NamesExactlyOnePolicy()
    {
        IEnumerable<string> others =
            from source in fixture.Relay.Services.GetServices<EndpointDataSource>()
            from endpoint in source.Endpoints.OfType<RouteEndpoint>()
            where endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>() is not [{ Policy: not null, Roles: null, AuthenticationSchemes: null }]
                || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            select endpoint.RoutePattern.RawText;

        Assert.Empty(others);
    }

    [Fact]
    public async Task RouteWithoutAPolicy_AdminKey_IsClosed()
    {
        AuthorizationPolicy? fallback = await fixture.Relay.Services.GetRequiredService<IAuthorizationPolicyProvider>().GetFallbackPolicyAsync();
        ClaimsPrincipal admin = new(new ClaimsIdentity([new Claim(ApiKeyAuthentication.RoleClaim, "admin")], ApiKeyAuthentication.SchemeName));
        DefaultHttpContext request = new();
        request.SetEndpoint(new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse("/forgotten"), 0, null, null));

        AuthorizationResult result =
            await fixture.Relay.Services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(admin, request, fallback!);

        Assert.False(result.Succeeded);
    }

    [Theory]
    [InlineData("GET", "/v2/models", HttpStatusCode.NotFound, "not-found")]
    [InlineData("POST", "/v1/made-up", HttpStatusCode.NotFound, "not-found")]
    [InlineData("PATCH", Routes.Models, HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    public async Task NoRoute_NoKey_IsUnknownAndNotUnauthorized(string method, string path, HttpStatusCode status, string problem)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);

        using HttpResponseMessage response = await fixture.Relay.Anonymous.SendAsync(request);

        Assert.Equal(problem, await response.ProblemTypeAsync(status));
    }

    [Theory]
    [MemberData(nameof(AdminRoutes))]
    public async Task AdminRoute_NoKey_IsUnauthorized(string method, string path)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = HttpResponses.Json("{}") };

        using HttpResponseMessage response = await fixture.Relay.Anonymous.SendAsync(request);

        Assert.Equal("unauthorized", await response.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Theory]
    [InlineData("relay_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("x")]
    public async Task AdminRoute_UnknownKey_IsUnauthorized(string key)
    {
        using HttpClient client = fixture.Relay.CreateClient(key);

        using HttpResponseMessage response = await client.GetAsync(Routes.Models);

        Assert.Equal("unauthorized", await response.ProblemTypeAsync(HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task AdminRoute_KeyOfAnotherRole_IsForbidden()
    {
        const string key = "relay_of-another-scope";
        using (DbConnection connection = fixture.Relay.Services.GetRequiredService<RelayDatabase>().Open())
        {
            connection.Execute(
                "INSERT INTO api_keys (hash, scope, created_at) VALUES (@Hash, 'node', 0)", new { Hash = ApiKeys.Hash(key) });
        }

        using HttpClient client = fixture.Relay.CreateClient(key);
        using HttpResponseMessage response = await client.GetAsync(Routes.Models);

        Assert.Equal("forbidden", await response.ProblemTypeAsync(HttpStatusCode.Forbidden));
    }

    [Theory]
    [InlineData("POST", Routes.Models)]
    [InlineData("PUT", Routes.Models + "/x")]
    [InlineData("POST", Routes.TrainingRuns)]
    [InlineData("POST", Routes.TrainingRuns + "/1/cancel")]
    [InlineData("POST", Routes.Channels + "/stable/release")]
    [InlineData("DELETE", Routes.Nodes)]
    [InlineData("DELETE", Routes.Nodes + "/n")]
    [InlineData("POST", Routes.Models + "/small/versions/1/revoke")]
    [InlineData("DELETE", Routes.Pending + "/1-aa")]
    public async Task Change_ApproverKey_IsForbidden(string method, string path)
    {
        using HttpClient approver = fixture.Relay.CreateClient(IssueApproverKey(replace: false));
        using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = HttpResponses.Json("{}") };

        using HttpResponseMessage response = await approver.SendAsync(request);

        Assert.Equal("forbidden", await response.ProblemTypeAsync(HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task PendingRoutes_ApproverKey_AreAnswered()
    {
        using HttpClient approver = fixture.Relay.CreateClient(IssueApproverKey(replace: false));
        using HttpResponseMessage listed = await approver.GetAsync(Routes.Pending);
        using HttpResponseMessage signed = await approver.PostAsync(
            Routes.Pending + "/1-aa/signatures", HttpResponses.Json("""{"keyid":"00","sig":"00"}"""));

        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
        Assert.Equal("unknown-pending", await signed.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task ApproverKey_Replaced_OldOneIsRefusedAndTheAdminKeyStays()
    {
        string old = IssueApproverKey(replace: false);
        using HttpClient withNew = fixture.Relay.CreateClient(IssueApproverKey(replace: true));
        using HttpClient withOld = fixture.Relay.CreateClient(old);

        using HttpResponseMessage refused = await withOld.GetAsync(Routes.Pending);
        using HttpResponseMessage taken = await withNew.GetAsync(Routes.Pending);
        using HttpResponseMessage admin = await fixture.Relay.Admin.GetAsync(Routes.Models);

        Assert.Equal("unauthorized", await refused.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal(HttpStatusCode.OK, admin.StatusCode);
    }

    private string IssueApproverKey(bool replace)
    {
        string issued = "";
        fixture.Relay.Services.GetRequiredService<ApiKeys>().IssueApproverKey(replace, key => issued = key);
        return issued;
    }
}
