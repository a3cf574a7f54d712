using System.Data.Common;
using System.Net;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Http.Access;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

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
    };

    private static readonly string[] OpenRoutes =
    [
        Routes.LegacyArtifact,
        Routes.LegacyList,
        Routes.LegacyStats,
        "/health/live",
        "/health/ready",
        Routes.Metadata + "/" + MetadataPaths.Timestamp,
        Routes.Metadata + "/{file}",
        Routes.Targets + "/{**path}",
        Routes.CheckIns,
    ];

    [Fact]
    public void EveryRoute_NotNamedAsOpen_NeedsAKey()
    {
        IEnumerable<string> withoutKey =
            from source in fixture.Relay.Services.GetServices<EndpointDataSource>()
            from endpoint in source.Endpoints.OfType<RouteEndpoint>()
            where endpoint.Metadata.GetMetadata<IAuthorizeData>() is null
            select "/" + endpoint.RoutePattern.RawText!.Trim('/');

        Assert.Equal(OpenRoutes.Order(StringComparer.Ordinal), withoutKey.Distinct().Order(StringComparer.Ordinal));
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
    public async Task AdminRoute_KeyOfAnotherScope_IsForbidden()
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
    [MemberData(nameof(AdminRoutes))]
    [InlineData("GET", Routes.Trust)]
    [InlineData("POST", Routes.Models + "/small/versions/1/revoke")]
    [InlineData("DELETE", Routes.Pending + "/1-aa")]
    public async Task AdminRoute_ApproverKey_IsForbidden(string method, string path)
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
