using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Http.Access;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Http;

public sealed class AccessTests(PublishedRelay fixture)
{
    [Fact]
    [Trait("Attack", "forgotten-route")]
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
    [Trait("Attack", "forgotten-route")]
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
    [Trait("Attack", "api-key")]
    [InlineData("relay_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("relay_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("relay_' OR 1 = 1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("x")]
    public async Task AdminRoute_UnknownKey_IsUnauthorized(string key)
    {
        using HttpClient client = fixture.Relay.CreateClient(key);

        using HttpResponseMessage response = await client.GetAsync(Routes.Models);

        Assert.Equal("unauthorized", await response.ProblemTypeAsync(HttpStatusCode.Unauthorized));
    }

    /// <summary>The id of a key is in lists and logs: it opens nothing.</summary>
    [Fact]
    [Trait("Attack", "api-key")]
    public async Task Route_IdOfAKeyWithAnotherSecret_IsUnauthorized()
    {
        string id = fixture.Relay.AdminKey.Split('_')[1];
        using HttpClient client = fixture.Relay.CreateClient($"relay_{id}_{new string('A', 43)}");

        using HttpResponseMessage response = await client.GetAsync(Routes.Models);

        Assert.Equal("unauthorized", await response.ProblemTypeAsync(HttpStatusCode.Unauthorized));
    }

    [Theory]
    [Trait("Attack", "api-key")]
    [InlineData("/V1/Models", "", "")]
    [InlineData("/v1/models/", "", "")]
    [InlineData("/v1/models?access_token=KEY", "", "")]
    [InlineData("/v1/models", "Authorization", "Basic KEY")]
    [InlineData("/v1/models", "Authorization", "KEY")]
    [InlineData("/v1/models", "Authorization", "Bearer")]
    [InlineData("/v1/models", "Authorization", "Bearer KEY, Bearer KEY")]
    [InlineData("/v1/models", "X-Original-URL", "/health/live")]
    [InlineData("/v1/models", "X-HTTP-Method-Override", "HEAD")]
    public async Task Route_WithoutABearerKey_IsUnauthorizedHoweverItIsWritten(string path, string header, string value)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path.Replace("KEY", fixture.Relay.AdminKey, StringComparison.Ordinal));
        if (header.Length > 0)
        {
            request.Headers.TryAddWithoutValidation(header, value.Replace("KEY", fixture.Relay.AdminKey, StringComparison.Ordinal));
        }

        using HttpResponseMessage response = await fixture.Relay.Anonymous.SendAsync(request);

        Assert.Equal("unauthorized", await response.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
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
        fixture.Relay.Services.GetRequiredService<ApiKeyStore>().IssueApproverKey(replace, key => issued = key);
        return issued;
    }
}
