using System.Net;
using System.Net.Http.Json;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Fleet.Identity;

/// <summary>A node whose key an operator banned: what it may no longer do, and what ends the ban.</summary>
public sealed class NodeBanTests(ClosedRelay closed) : IClassFixture<ClosedRelay>
{
    private const string Timestamp = Routes.Metadata + "/" + MetadataPaths.Timestamp;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Attack", "banned-node")]
    public async Task Ban_EnrolledNode_IsRefusedAtOnceUntilTheBanEnds()
    {
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(closed.Relay, "stolen-1");
        using HttpResponseMessage before = await ReportAsync(client, node.Id, 1);

        using HttpResponseMessage banned = await closed.Relay.Admin.PostAsync(Routes.BanOf(node.Id), null, Cancel);
        NodeView listed = await FindAsync(node.Id);
        List<string?> problems = [];
        foreach (string path in (string[])[Timestamp, Routes.LegacyList, Routes.Events, Routes.Targets + "/x"])
        {
            using HttpResponseMessage read = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancel);
            problems.Add(await read.ProblemTypeAsync(HttpStatusCode.Forbidden));
        }

        using (HttpResponseMessage report = await ReportAsync(client, node.Id, 2))
        {
            problems.Add(await report.ProblemTypeAsync(HttpStatusCode.Forbidden));
        }

        using HttpResponseMessage unbanned = await closed.Relay.Admin.PostAsync(Routes.UnbanOf(node.Id), null, Cancel);
        using HttpResponseMessage after = await ReportAsync(client, node.Id, 2);

        Assert.Equal(
            [HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NoContent],
            [before.StatusCode, banned.StatusCode, unbanned.StatusCode, after.StatusCode]);
        Assert.All(problems, problem => Assert.Equal("node-banned", problem));
        Assert.NotNull(listed.BannedAt);
        Assert.Equal(1, listed.CheckIn.Sequence);
        Assert.Null((await FindAsync(node.Id)).BannedAt);
        client.Dispose();
        node.Dispose();
    }

    [Fact]
    [Trait("Attack", "banned-node")]
    public async Task Enroll_BannedNode_IsRefusedUnderAnyKeyAndAnyNameUntilItIsRemoved()
    {
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(closed.Relay, "stolen-2");
        await BanAsync(node.Id);
        string token = await closed.Relay.CreateEnrollmentTokenAsync();

        using HttpResponseMessage sameKey = await node.EnrollAsync(client, token);
        using SigningNode other = new(node.Id);
        using HttpClient otherClient = other.CreateClient(closed.Relay);
        using HttpResponseMessage otherKey = await other.EnrollAsync(otherClient, token);
        using HttpRequestMessage renamed = new(HttpMethod.Post, Routes.Enroll)
        {
            Content = JsonContent.Create(new NodeEnrollment("stolen-2b", node.PublicKey, token), RelayApiJson.Default.NodeEnrollment),
        };
        await RequestSigner.SignAsync(renamed, "stolen-2b", node.Key, TimeProvider.System.GetUtcNow());
        using HttpResponseMessage otherName = await closed.Relay.Anonymous.SendAsync(renamed, Cancel);
        using HttpResponseMessage removed = await closed.Relay.Admin.DeleteAsync(Routes.NodeOf(node.Id), Cancel);
        using HttpResponseMessage afterwards = await other.EnrollAsync(otherClient, token);

        Assert.Equal("node-banned", await sameKey.ProblemTypeAsync(HttpStatusCode.Forbidden));
        Assert.Equal("node-exists", await otherKey.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal("key-exists", await otherName.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Created), (removed.StatusCode, afterwards.StatusCode));
        client.Dispose();
        node.Dispose();
    }

    [Fact]
    [Trait("Attack", "banned-node")]
    public async Task Ban_NodeHasAnEventStream_EndsIt()
    {
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(closed.Relay, "stolen-3");
        using HttpResponseMessage stream = await client.GetAsync(Routes.Events, HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using Stream body = await stream.Content.ReadAsStreamAsync(Cancel);
        Task end = body.CopyToAsync(Stream.Null, Cancel);

        await BanAsync(node.Id);

        await end.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        client.Dispose();
        node.Dispose();
    }

    [Fact]
    [Trait("Attack", "banned-node")]
    public async Task Ban_RelayIsOpenToReadersAndReporters_StillRefusesWhatTheNodeSigns()
    {
        await using TestRelay open = await TestRelay.StartAsync(options => options with { OpenArtifacts = true, OpenCheckIns = true });
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(open, "stolen");
        using HttpResponseMessage banned = await open.Admin.PostAsync(Routes.BanOf(node.Id), null, Cancel);

        using HttpResponseMessage read = await client.GetAsync(Timestamp, Cancel);
        using HttpResponseMessage report = await ReportAsync(client, node.Id, 1);
        using HttpResponseMessage unsigned = await ReportAsync(open.Anonymous, node.Id, 0);
        using HttpResponseMessage stranger = await open.Anonymous.GetAsync(Timestamp, Cancel);

        Assert.Equal("node-banned", await read.ProblemTypeAsync(HttpStatusCode.Forbidden));
        Assert.Equal("node-banned", await report.ProblemTypeAsync(HttpStatusCode.Forbidden));
        Assert.Equal("signature", await unsigned.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal(HttpStatusCode.OK, stranger.StatusCode);
        client.Dispose();
        node.Dispose();
    }

    [Theory]
    [InlineData("no-such-node")]
    [InlineData("enroll")]
    public async Task Ban_NodeThatHasNotEnrolled_IsUnknown(string id)
    {
        using HttpResponseMessage banned = await closed.Relay.Admin.PostAsync(Routes.BanOf(id), null, Cancel);
        using HttpResponseMessage unbanned = await closed.Relay.Admin.PostAsync(Routes.UnbanOf(id), null, Cancel);

        Assert.Equal("unknown-node", await banned.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-node", await unbanned.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    private async Task BanAsync(string id)
    {
        using HttpResponseMessage banned = await closed.Relay.Admin.PostAsync(Routes.BanOf(id), null, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, banned.StatusCode);
    }

    private static Task<HttpResponseMessage> ReportAsync(HttpClient client, string node, long sequence) => client.PostAsJsonAsync(
        Routes.CheckInsOf(node),
        new CheckIn
        {
            Node = node,
            Channel = "stable",
            Release = 1,
            Stale = false,
            At = TimeProvider.System.GetUtcNow(),
            Models = [],
            Refusals = [],
            Quarantine = [],
            Sequence = sequence,
        },
        RelayApiJson.Default.CheckIn, Cancel);

    private async Task<NodeView> FindAsync(string node) =>
        (await closed.Relay.Admin.GetFromJsonAsync(Routes.Nodes + "?limit=100", RelayApiJson.Default.PageNodeView, Cancel))!.Items.Single(
            n => n.Id == node);
}
