using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Nodes;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Fleet.Identity;

// Times, nodes and routes of a signed request.
public sealed partial class NodeSignatureTests
{
    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    [InlineData(-86_400)]
    [Trait("Attack", "old-signature")]
    public async Task Request_SignedAtAnotherTime_IsRefusedAndToldTheTime(int seconds)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using HttpRequestMessage request = new(HttpMethod.Get, Timestamp);
        await RequestSigner.SignAsync(request, "node-7", closed.Node.Key, now.AddSeconds(seconds));
        using HttpResponseMessage response = await SendAsync(request);

        using System.Text.Json.JsonDocument problem = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(NodeProblems.SignatureTime, problem.RootElement.GetProperty("type").GetString());
        Assert.InRange(problem.RootElement.GetProperty(NodeProblems.RelayTimeMember).GetDateTimeOffset() - now, TimeSpan.FromSeconds(-1),
            TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Request_SignedWithinFiveMinutes_IsAccepted()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Timestamp);
        await RequestSigner.SignAsync(request, "node-7", closed.Node.Key, TimeProvider.System.GetUtcNow().AddMinutes(-4));
        using HttpResponseMessage response = await SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Request_OfANodeThatHasNotEnrolled_IsUnknown()
    {
        using SigningNode stranger = new("stranger");
        using HttpClient client = stranger.CreateClient(closed.Relay);
        using HttpResponseMessage read = await client.GetAsync(Timestamp, Cancel);
        using HttpResponseMessage report = await client.PostAsJsonAsync(Routes.CheckInsOf("stranger"), Next(), RelayApiJson.Default.CheckIn, Cancel);

        Assert.Equal("unknown-node", await read.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("unknown-node", await report.ProblemTypeAsync(HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task AdminRoute_SignedByANode_IsForbidden()
    {
        using HttpResponseMessage nodes = await closed.Client.GetAsync(Routes.Nodes, Cancel);
        using HttpResponseMessage token = await closed.Client.PostAsJsonAsync(
            Routes.EnrollmentTokens, new EnrollmentTokenRequest { Name = "test" }, RelayApiJson.Default.EnrollmentTokenRequest, Cancel);

        Assert.Equal("forbidden", await nodes.ProblemTypeAsync(HttpStatusCode.Forbidden));
        Assert.Equal("forbidden", await token.ProblemTypeAsync(HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task Node_Removed_IsUnknownAtOnceAndItsIdIsFree()
    {
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(closed.Relay, "node-9");
        using HttpResponseMessage before = await client.GetAsync(Timestamp, Cancel);
        using HttpResponseMessage removed = await closed.Relay.Admin.DeleteAsync(Routes.NodeOf("node-9"), Cancel);
        using HttpResponseMessage after = await client.GetAsync(Timestamp, Cancel);
        (SigningNode successor, HttpClient itsClient) = await SigningNode.EnrollAsync(closed.Relay, "node-9");
        using HttpResponseMessage ofSuccessor = await itsClient.GetAsync(Timestamp, Cancel);
        using HttpResponseMessage ofOld = await client.GetAsync(Timestamp, Cancel);
        foreach (IDisposable used in (IDisposable[])[node, client, successor, itsClient])
        {
            used.Dispose();
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.NoContent], [before.StatusCode, removed.StatusCode]);
        Assert.Equal("unknown-node", await after.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal(HttpStatusCode.OK, ofSuccessor.StatusCode);
        Assert.Equal("signature", await ofOld.ProblemTypeAsync(HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task CheckIn_StoredSignature_ProvesTheReportLater()
    {
        using HttpResponseMessage response = await SendAsync(await SignedAsync(Next()));
        response.EnsureSuccessStatusCode();
        using System.Data.Common.DbConnection connection = closed.Relay.OpenDatabase();
        (string body, string target, string input, string text) = Dapper.SqlMapper.QueryFirst<(string, string, string, string)>(
            connection, "SELECT check_in, target, signature_input, signature FROM check_ins WHERE node = 'node-7' ORDER BY id DESC LIMIT 1");

        CoveredComponents components = CoveredComponents.Create("POST", target, ContentDigest.Create(Encoding.UTF8.GetBytes(body))).Value!;
        Assert.True(RequestSignature.Read(input, text).Value!.IsValidFor(components, closed.Node.Key));
    }
}
