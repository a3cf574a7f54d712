using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Fleet.Enrollment;

/// <summary>How a node comes to be known: by a token of the operator, once, under one id, with one key.</summary>
public sealed partial class EnrollmentTests(ClosedRelay closed) : IClassFixture<ClosedRelay>
{
    private static int _nodes;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enroll_NewNode_IsKnownAndAgainIsNoNewUse()
    {
        string token = await closed.Relay.CreateEnrollmentTokenAsync(uses: 1);
        using SigningNode node = NewNode();
        using HttpClient client = node.CreateClient(closed.Relay);
        using HttpResponseMessage first = await node.EnrollAsync(client, token);
        using HttpResponseMessage again = await node.EnrollAsync(client, token);
        using HttpResponseMessage withoutToken = await node.EnrollAsync(client, "");
        using HttpResponseMessage read = await client.GetAsync(Routes.Metadata + "/" + MetadataPaths.Timestamp, Cancel);

        Assert.Equal(
            [HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK],
            [first.StatusCode, again.StatusCode, withoutToken.StatusCode, read.StatusCode]);
        Assert.Equal(1, (await TokensAsync())[^1].Used);
    }

    [Theory]
    [InlineData("")]
    [InlineData("relay_enroll_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [Trait("Attack", "enrollment-token")]
    public async Task Enroll_MadeUpToken_IsRefused(string token) => await AssertRefusedAsync(token);

    [Fact]
    [Trait("Attack", "enrollment-token")]
    public async Task Enroll_AdminKeyAsToken_IsRefused() => await AssertRefusedAsync(closed.Relay.AdminKey);

    [Fact]
    [Trait("Attack", "enrollment-token")]
    public async Task Enroll_TokenForOneNode_IsUsedUpByOne()
    {
        string token = await closed.Relay.CreateEnrollmentTokenAsync(uses: 1);
        using SigningNode first = NewNode();
        using HttpClient client = first.CreateClient(closed.Relay);
        using HttpResponseMessage enrolled = await first.EnrollAsync(client, token);

        Assert.Equal(HttpStatusCode.Created, enrolled.StatusCode);
        await AssertRefusedAsync(token);
    }

    [Fact]
    [Trait("Attack", "enrollment-token")]
    public async Task Enroll_ManyAtOnceWithATokenForThree_AreThree()
    {
        string token = await closed.Relay.CreateEnrollmentTokenAsync(uses: 3);
        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            using SigningNode node = NewNode();
            using HttpClient client = node.CreateClient(closed.Relay);
            using HttpResponseMessage answer = await node.EnrollAsync(client, token);
            return answer.StatusCode;
        }));

        Assert.Equal(3, answers.Count(status => status == HttpStatusCode.Created));
        Assert.Equal(9, answers.Count(status => status == HttpStatusCode.Unauthorized));
    }

    [Fact]
    [Trait("Attack", "enrollment-token")]
    public async Task Enroll_RevokedToken_IsRefusedAndItsNodesStay()
    {
        string token = await closed.Relay.CreateEnrollmentTokenAsync();
        using SigningNode node = NewNode();
        using HttpClient client = node.CreateClient(closed.Relay);
        using HttpResponseMessage enrolled = await node.EnrollAsync(client, token);
        long id = (await TokensAsync())[^1].Id;
        using HttpResponseMessage revoked = await closed.Relay.Admin.DeleteAsync($"{Routes.EnrollmentTokens}/{id}", Cancel);
        using HttpResponseMessage read = await client.GetAsync(Routes.LegacyList, Cancel);

        Assert.Equal(
            [HttpStatusCode.Created, HttpStatusCode.NoContent, HttpStatusCode.OK], [enrolled.StatusCode, revoked.StatusCode, read.StatusCode]);
        await AssertRefusedAsync(token);
        Assert.NotNull((await TokensAsync()).Single(listed => listed.Id == id).RevokedAt);
    }

    [Fact]
    [Trait("Attack", "enrollment-token")]
    public async Task Enroll_ExpiredToken_IsRefused()
    {
        TestClock clock = TestClock.Running();
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { TimeProvider = clock, OpenArtifacts = false });
        string token = await relay.CreateEnrollmentTokenAsync();
        clock.Advance(TimeSpan.FromDays(7));
        using SigningNode late = new("late", clock);
        using HttpClient client = late.CreateClient(relay);
        using HttpResponseMessage answer = await late.EnrollAsync(client, token);

        Assert.Equal("enrollment-token", await answer.ProblemTypeAsync(HttpStatusCode.Unauthorized));
    }

    [Theory]
    [InlineData("""{"name":"A b"}""", "$.name")]
    [InlineData("""{"name":"n","expiresInDays":0}""", "$.expiresInDays")]
    [InlineData("""{"name":"n","expiresInDays":367}""", "$.expiresInDays")]
    [InlineData("""{"name":"n","uses":0}""", "$.uses")]
    [InlineData("""{"name":"n","uses":1000001}""", "$.uses")]
    public async Task Token_OutOfItsBounds_IsRefusedWithThePath(string body, string path)
    {
        using HttpResponseMessage answer = await closed.Relay.Admin.PostAsync(Routes.EnrollmentTokens, HttpResponses.Json(body), Cancel);

        Assert.Contains(path, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal("invalid-enrollment-token", await answer.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Token_Listed_ShowsNoText()
    {
        string token = await closed.Relay.CreateEnrollmentTokenAsync();
        string listed = await closed.Relay.Admin.GetStringAsync(Routes.EnrollmentTokens + "?limit=200", Cancel);
        using HttpResponseMessage unknown = await closed.Relay.Admin.DeleteAsync(Routes.EnrollmentTokens + "/999999", Cancel);

        Assert.DoesNotContain(token, listed, StringComparison.Ordinal);
        Assert.DoesNotContain("relay_enroll", listed, StringComparison.Ordinal);
        Assert.Equal("unknown-enrollment-token", await unknown.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    private static SigningNode NewNode() => new($"new-{Interlocked.Increment(ref _nodes)}");

    private async Task AssertRefusedAsync(string token)
    {
        using SigningNode node = NewNode();
        using HttpClient client = node.CreateClient(closed.Relay);
        using HttpResponseMessage answer = await node.EnrollAsync(client, token);
        using HttpResponseMessage read = await client.GetAsync(Routes.LegacyList, Cancel);

        Assert.Equal("enrollment-token", await answer.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("unknown-node", await read.ProblemTypeAsync(HttpStatusCode.Unauthorized));
    }

    private async Task<IReadOnlyList<EnrollmentTokenView>> TokensAsync()
    {
        List<EnrollmentTokenView> all = [];
        string? cursor = null;
        do
        {
            Page<EnrollmentTokenView> page = (await closed.Relay.Admin.GetFromJsonAsync(
                $"{Routes.EnrollmentTokens}?limit=200&cursor={cursor ?? "0"}", RelayApiJson.Default.PageEnrollmentTokenView, Cancel))!;
            all.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);

        return all;
    }
}
