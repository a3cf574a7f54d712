using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Fleet.Enrollment;

/// <summary>How a node comes to be known: by a token of the operator, once, under one id, with one key.</summary>
public sealed class EnrollmentTests(ClosedRelay closed) : IClassFixture<ClosedRelay>
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

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.NoContent, HttpStatusCode.OK], [enrolled.StatusCode, revoked.StatusCode, read.StatusCode]);
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

    [Fact]
    [Trait("Attack", "node-id-taken")]
    public async Task Enroll_IdOfAnotherNode_IsRefusedWithAndWithoutAToken()
    {
        using SigningNode taker = new(closed.Node.Id);
        using HttpClient client = taker.CreateClient(closed.Relay);
        string token = await closed.Relay.CreateEnrollmentTokenAsync(uses: 1);
        using HttpResponseMessage withToken = await taker.EnrollAsync(client, token);
        using HttpResponseMessage without = await taker.EnrollAsync(client, "guess");
        using HttpResponseMessage owner = await closed.Client.GetAsync(Routes.LegacyList, Cancel);

        Assert.Equal("node-exists", await withToken.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal("enrollment-token", await without.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal(HttpStatusCode.OK, owner.StatusCode);
        Assert.Equal(0, (await TokensAsync())[^1].Used);
    }

    [Fact]
    [Trait("Attack", "two-ids-one-key")]
    public async Task Enroll_KeyOfAnotherNode_IsRefused()
    {
        string token = await closed.Relay.CreateEnrollmentTokenAsync();
        string copy = $"copy-{Interlocked.Increment(ref _nodes)}";
        using HttpClient client = closed.Relay.CreateClient(
            inner => new RequestSigner(copy, closed.Node.Key, TimeProvider.System, inner));
        using HttpResponseMessage answer = await client.PostAsJsonAsync(
            Routes.Enroll, new NodeEnrollment(copy, closed.Node.PublicKey, token), RelayApiJson.Default.NodeEnrollment, Cancel);

        Assert.Equal("key-exists", await answer.ProblemTypeAsync(HttpStatusCode.Conflict));
    }

    [Fact]
    [Trait("Attack", "key-of-another-node")]
    public async Task Enroll_WithoutProofThatTheKeyIsHeld_IsRefused()
    {
        string token = await closed.Relay.CreateEnrollmentTokenAsync();
        using SigningNode node = NewNode();
        using SigningNode victim = NewNode();
        NodeEnrollment foreign = new(node.Id, victim.PublicKey, token);
        using HttpClient client = node.CreateClient(closed.Relay);
        using HttpResponseMessage unsigned = await closed.Relay.Anonymous.PostAsJsonAsync(
            Routes.Enroll, foreign, RelayApiJson.Default.NodeEnrollment, Cancel);
        using HttpResponseMessage byAnother = await client.PostAsJsonAsync(Routes.Enroll, foreign, RelayApiJson.Default.NodeEnrollment, Cancel);
        using HttpResponseMessage forAnother = await client.PostAsJsonAsync(
            Routes.Enroll, new NodeEnrollment("another", node.PublicKey, token), RelayApiJson.Default.NodeEnrollment, Cancel);

        foreach (HttpResponseMessage answer in (HttpResponseMessage[])[unsigned, byAnother, forAnother])
        {
            Assert.Equal("signature", await answer.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        }
    }

    [Fact]
    [Trait("Attack", "old-signature")]
    public async Task Enroll_SignedLongAgo_IsRefused()
    {
        using SigningNode node = NewNode();
        using HttpRequestMessage request = new(HttpMethod.Post, Routes.Enroll)
        {
            Content = JsonContent.Create(
                new NodeEnrollment(node.Id, node.PublicKey, await closed.Relay.CreateEnrollmentTokenAsync()), RelayApiJson.Default.NodeEnrollment),
        };
        await RequestSigner.SignAsync(request, node.Id, node.Key, TimeProvider.System.GetUtcNow().AddMinutes(-6));
        using HttpResponseMessage answer = await closed.Relay.Anonymous.SendAsync(request, Cancel);

        Assert.Equal("signature-time", await answer.ProblemTypeAsync(HttpStatusCode.Unauthorized));
    }

    [Fact]
    [Trait("Attack", "weak-key")]
    public async Task Enroll_KeyThatIsNotOneOnP256_IsRefused()
    {
        using ECDsa large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using ECDsa koblitz = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10"));
        using RSA rsa = RSA.Create(2048);
        using SigningNode node = NewNode();
        byte[] good = node.Key.ExportSubjectPublicKeyInfo();
        byte[] offCurve = [.. good[..^1], (byte)(good[^1] ^ 1)];
        using HttpClient client = node.CreateClient(closed.Relay);
        string token = await closed.Relay.CreateEnrollmentTokenAsync();
        string[] keys =
        [
            "", "x", Convert.ToBase64String(large.ExportSubjectPublicKeyInfo()), Convert.ToBase64String(koblitz.ExportSubjectPublicKeyInfo()),
            Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()), Convert.ToBase64String(offCurve), Convert.ToBase64String([.. good, 0]),
            Convert.ToBase64String(node.Key.ExportPkcs8PrivateKey()),
        ];
        foreach (string key in keys)
        {
            using HttpResponseMessage answer = await client.PostAsJsonAsync(
                Routes.Enroll, new NodeEnrollment(node.Id, key, token), RelayApiJson.Default.NodeEnrollment, Cancel);
            Assert.Equal("node-key", await answer.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("../x")]
    public async Task Enroll_NameThatIsNone_IsInvalid(string name)
    {
        using SigningNode node = NewNode();
        using HttpClient client = node.CreateClient(closed.Relay);
        using HttpResponseMessage answer = await client.PostAsJsonAsync(
            Routes.Enroll, new NodeEnrollment(name, node.PublicKey, "t"), RelayApiJson.Default.NodeEnrollment, Cancel);

        Assert.Equal("invalid-enrollment", await answer.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    [Trait("Attack", "made-up-nodes")]
    public async Task Enroll_MoreNodesThanTheRelayKeeps_IsRefused()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { MaximumNodes = 1 });
        (SigningNode first, HttpClient client) = await SigningNode.EnrollAsync(relay, "first");
        using SigningNode second = new("second");
        using HttpClient itsClient = second.CreateClient(relay);
        using HttpResponseMessage answer = await second.EnrollAsync(itsClient, await relay.CreateEnrollmentTokenAsync());
        first.Dispose();
        client.Dispose();

        Assert.Equal("fleet-full", await answer.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));
    }

    [Fact]
    [Trait("Attack", "unsigned-request")]
    public async Task OpenCheckIns_UnsignedReport_IsMarkedAndNeverStandsForANodeThatHasEnrolled()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { OpenArtifacts = false });
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(relay, "known");
        using SigningNode stranger = new("known");
        using HttpClient forger = stranger.CreateClient(relay);
        using HttpResponseMessage open = await relay.Anonymous.PostAsJsonAsync(
            Routes.CheckInsOf("old"), Reports.Valid("old"), RelayApiJson.Default.CheckIn, Cancel);
        using HttpResponseMessage unsigned = await relay.Anonymous.PostAsJsonAsync(
            Routes.CheckInsOf("known"), Reports.Valid("known"), RelayApiJson.Default.CheckIn, Cancel);
        using HttpResponseMessage forged = await forger.PostAsJsonAsync(
            Routes.CheckInsOf("known"), Reports.Valid("known") with { Sequence = 1 }, RelayApiJson.Default.CheckIn, Cancel);
        using SigningNode unknown = new("unknown");
        using HttpClient ofUnknown = unknown.CreateClient(relay);
        using HttpResponseMessage signedByUnknown = await ofUnknown.PostAsJsonAsync(
            Routes.CheckInsOf("unknown"), Reports.Valid("unknown") with { Sequence = 1 }, RelayApiJson.Default.CheckIn, Cancel);
        using HttpResponseMessage closedArtifacts = await relay.Anonymous.GetAsync(Routes.LegacyList, Cancel);
        node.Dispose();
        client.Dispose();

        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NoContent], [open.StatusCode, signedByUnknown.StatusCode]);
        Assert.Equal("signature", await unsigned.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("signature", await forged.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("unauthorized", await closedArtifacts.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        Page<NodeView> listed = (await relay.Admin.GetFromJsonAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView, Cancel))!;
        Assert.Equal([("old", false), ("unknown", false)], listed.Items.Select(item => (item.Id, item.Signed ?? true)));
    }

    [Fact]
    public async Task OpenArtifacts_Reads_NeedNothingAndReportsDo()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { OpenCheckIns = false });
        using SigningNode stranger = new("stranger");
        using HttpClient client = stranger.CreateClient(relay);
        using HttpResponseMessage unsigned = await relay.Anonymous.GetAsync(Routes.LegacyList, Cancel);
        using HttpResponseMessage notEnrolled = await client.GetAsync(Routes.LegacyList, Cancel);
        using HttpResponseMessage report = await relay.Anonymous.PostAsJsonAsync(
            Routes.CheckInsOf("a"), Reports.Valid("a"), RelayApiJson.Default.CheckIn, Cancel);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [unsigned.StatusCode, notEnrolled.StatusCode]);
        Assert.Equal("unauthorized", await report.ProblemTypeAsync(HttpStatusCode.Unauthorized));
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
