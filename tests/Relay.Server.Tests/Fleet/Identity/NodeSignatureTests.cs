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

/// <summary>Who may read and report: a node that has enrolled, by its own key, for itself, now and once.</summary>
public sealed class NodeSignatureTests(ClosedRelay closed) : IClassFixture<ClosedRelay>
{
    private const string Timestamp = Routes.Metadata + "/" + MetadataPaths.Timestamp;

    private static long _sequence = 1000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_EnrolledNode_GetsMetadataAndLists()
    {
        using HttpResponseMessage metadata = await closed.Client.GetAsync(Timestamp, Cancel);
        using HttpResponseMessage list = await closed.Client.GetAsync(Routes.LegacyList + "?a=%20b", Cancel);
        using HttpResponseMessage head = await closed.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, Timestamp), Cancel);

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], [metadata.StatusCode, list.StatusCode, head.StatusCode]);
    }

    [Fact]
    [Trait("Attack", "unsigned-request")]
    public async Task ReadAndReport_WithoutASignature_IsUnauthorized()
    {
        CheckIn unsigned = Next();
        using HttpResponseMessage metadata = await closed.Relay.Anonymous.GetAsync(Timestamp, Cancel);
        using HttpResponseMessage target = await closed.Relay.Anonymous.GetAsync(Routes.Targets + "/x", Cancel);
        using HttpResponseMessage list = await closed.Relay.Anonymous.GetAsync(Routes.LegacyList, Cancel);
        using HttpResponseMessage report = await closed.Relay.Anonymous.PostAsJsonAsync(
            Routes.CheckInsOf("node-7"), unsigned, RelayApiJson.Default.CheckIn, Cancel);
        using HttpResponseMessage byKey = await closed.Relay.Admin.PostAsJsonAsync(
            Routes.CheckInsOf("node-7"), unsigned, RelayApiJson.Default.CheckIn, Cancel);

        foreach (HttpResponseMessage response in (HttpResponseMessage[])[metadata, target, list, report])
        {
            Assert.Equal("unauthorized", await response.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        }

        Assert.Equal("forbidden", await byKey.ProblemTypeAsync(HttpStatusCode.Forbidden));
        Assert.DoesNotContain(await HistoryAsync(), stored => stored.CheckIn.Sequence == unsigned.Sequence);
    }

    [Fact]
    public async Task CheckIn_SignedByItsNode_IsStoredAsSigned()
    {
        CheckIn report = Next();
        using HttpResponseMessage response = await SendAsync(await SignedAsync(report));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        NodeView stored = (await HistoryAsync())[0];
        Assert.Equal((report.Sequence, true), (stored.CheckIn.Sequence, stored.Signed));
    }

    [Fact]
    [Trait("Attack", "key-of-another-node")]
    public async Task CheckIn_SignedWithTheKeyOfAnotherNode_IsRefused()
    {
        (SigningNode other, HttpClient client) = await SigningNode.EnrollAsync(closed.Relay, "node-8");
        using HttpRequestMessage underItsName = new(HttpMethod.Post, Routes.CheckInsOf("node-7")) { Content = JsonContent.Create(Next(), RelayApiJson.Default.CheckIn) };
        await RequestSigner.SignAsync(underItsName, "node-7", other.Key, TimeProvider.System.GetUtcNow());
        using HttpResponseMessage forged = await SendAsync(underItsName);
        using HttpResponseMessage aboutIt = await client.PostAsJsonAsync(Routes.CheckInsOf("node-7"), Next(), RelayApiJson.Default.CheckIn, Cancel);
        using HttpResponseMessage inItsBody = await client.PostAsJsonAsync(Routes.CheckInsOf("node-8"), Next(), RelayApiJson.Default.CheckIn, Cancel);
        client.Dispose();
        other.Dispose();

        Assert.Equal("signature", await forged.ProblemTypeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("forbidden", await aboutIt.ProblemTypeAsync(HttpStatusCode.Forbidden));
        Assert.Equal("invalid-check-in", await inItsBody.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    [Trait("Attack", "altered-request")]
    public async Task CheckIn_AnyPartAltered_IsRefused()
    {
        CheckIn report = Next();
        byte[] altered = await JsonContent.Create(report with { Release = 99 }, RelayApiJson.Default.CheckIn).ReadAsByteArrayAsync(Cancel);
        Dictionary<string, Action<HttpRequestMessage>> alterations = new(StringComparer.Ordinal)
        {
            ["body"] = request => request.Content = new ByteArrayContent(altered) { Headers = { ContentType = new("application/json") } },
            ["no body"] = request => request.Content = null,
            ["body and digest"] = request =>
            {
                request.Content = new ByteArrayContent(altered) { Headers = { ContentType = new("application/json") } };
                Replace(request, ContentDigest.Header, ContentDigest.Create(altered));
            },
            ["no digest"] = request => request.Headers.Remove(ContentDigest.Header),
            ["digest twice"] = request => request.Headers.Add(ContentDigest.Header, ContentDigest.Create(altered)),
            ["digest of another kind"] = request => Replace(request, ContentDigest.Header, "sha-512=:AAAA:"),
            ["query"] = request => request.RequestUri = new Uri(request.RequestUri!.OriginalString + "?a=1", UriKind.Relative),
            ["path"] = request => request.RequestUri = new Uri(request.RequestUri!.OriginalString + "/", UriKind.Relative),
            ["method"] = request => request.Method = HttpMethod.Get,
            ["time"] = request => Replace(
                request, RequestSignature.InputHeader, request.Headers.GetValues(RequestSignature.InputHeader).Single().Replace(";created=1", ";created=2", StringComparison.Ordinal)),
            ["no signature"] = request => request.Headers.Remove(RequestSignature.SignatureHeader),
            ["no input"] = request => request.Headers.Remove(RequestSignature.InputHeader),
            ["signature twice"] = request => request.Headers.Add(
                RequestSignature.SignatureHeader, request.Headers.GetValues(RequestSignature.SignatureHeader).Single()),
            ["input twice"] = request => request.Headers.Add(
                RequestSignature.InputHeader, request.Headers.GetValues(RequestSignature.InputHeader).Single()),
            ["signature of zeros"] = request => Replace(
                request, RequestSignature.SignatureHeader, $"relay=:{Convert.ToBase64String(new byte[64])}:"),
        };
        foreach ((string what, Action<HttpRequestMessage> alter) in alterations)
        {
            HttpRequestMessage request = await SignedAsync(report);
            alter(request);
            using HttpResponseMessage response = await SendAsync(request);

            Assert.True(
                response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest, $"{what}: {response.StatusCode}");
        }

        Assert.DoesNotContain(await HistoryAsync(), stored => stored.CheckIn.Sequence == report.Sequence);
        using HttpResponseMessage whole = await SendAsync(await SignedAsync(report));
        Assert.Equal(HttpStatusCode.NoContent, whole.StatusCode);
    }

    [Fact]
    [Trait("Attack", "signature-form")]
    public async Task Headers_OfAnyLength_AreRefused()
    {
        HttpRequestMessage request = await SignedAsync(Next());
        Replace(request, RequestSignature.InputHeader, request.Headers.GetValues(RequestSignature.InputHeader).Single() + new string(' ', 10_000) + "x");
        using HttpResponseMessage response = await SendAsync(request);

        Assert.Equal("signature", await response.ProblemTypeAsync(HttpStatusCode.Unauthorized));
    }

    [Fact]
    [Trait("Attack", "altered-request")]
    public async Task Read_WithABodyThatNoSignatureCovers_IsRefused()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Timestamp);
        await RequestSigner.SignAsync(request, "node-7", closed.Node.Key, TimeProvider.System.GetUtcNow());
        request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await SendAsync(request);

        Assert.Equal("signature", await response.ProblemTypeAsync(HttpStatusCode.Unauthorized));
    }

    [Fact]
    [Trait("Attack", "replayed-check-in")]
    public async Task CheckIn_ReplayedOrReordered_StoresNothing()
    {
        (CheckIn first, CheckIn second) = (Next(), Next());
        using HttpResponseMessage stored = await SendAsync(await SignedAsync(second));
        int before = (await HistoryAsync()).Count;
        using HttpResponseMessage replayed = await SendAsync(await SignedAsync(second));
        using HttpResponseMessage reordered = await SendAsync(await SignedAsync(first));

        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NoContent], [stored.StatusCode, replayed.StatusCode]);
        using System.Text.Json.JsonDocument problem = System.Text.Json.JsonDocument.Parse(await reordered.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.Conflict, reordered.StatusCode);
        Assert.Equal(NodeProblems.Sequence, problem.RootElement.GetProperty("type").GetString());
        Assert.Equal(second.Sequence, problem.RootElement.GetProperty(NodeProblems.LastMember).GetInt64());
        Assert.Equal(before, (await HistoryAsync()).Count);
    }

    [Fact]
    public async Task CheckIn_SignedWithoutASequenceOrWithAByteOrderMark_IsInvalid()
    {
        using HttpResponseMessage unnumbered = await SendAsync(await SignedAsync(Next() with { Sequence = 0 }));
        byte[] json = await JsonContent.Create(Next(), RelayApiJson.Default.CheckIn).ReadAsByteArrayAsync(Cancel);
        HttpRequestMessage marked = new(HttpMethod.Post, Routes.CheckInsOf("node-7"))
        {
            Content = new ByteArrayContent([.. Encoding.UTF8.Preamble, .. json]) { Headers = { ContentType = new("application/json") } },
        };
        await RequestSigner.SignAsync(marked, "node-7", closed.Node.Key, TimeProvider.System.GetUtcNow());
        using HttpResponseMessage withMark = await SendAsync(marked);

        Assert.Equal("invalid-check-in", await unnumbered.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
        Assert.Equal("invalid-check-in", await withMark.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
    }

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
        Assert.InRange(problem.RootElement.GetProperty(NodeProblems.RelayTimeMember).GetDateTimeOffset() - now, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(2));
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

    private static CheckIn Next() => Reports.Valid("node-7") with { Sequence = Interlocked.Increment(ref _sequence) };

    private static void Replace(HttpRequestMessage request, string header, string value)
    {
        request.Headers.Remove(header);
        Assert.True(request.Headers.TryAddWithoutValidation(header, value));
    }

    private async Task<HttpRequestMessage> SignedAsync(CheckIn report)
    {
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(Routes.CheckInsOf("node-7"), UriKind.Relative))
        {
            Content = JsonContent.Create(report, RelayApiJson.Default.CheckIn),
        };
        await RequestSigner.SignAsync(request, "node-7", closed.Node.Key, TimeProvider.System.GetUtcNow());
        return request;
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => closed.Relay.Anonymous.SendAsync(request, Cancel);

    private async Task<IReadOnlyList<NodeView>> HistoryAsync()
    {
        using HttpResponseMessage response = await closed.Relay.Admin.GetAsync(Routes.CheckInsOf("node-7"), Cancel);
        return response.StatusCode == HttpStatusCode.NotFound ? []
            : (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.PageNodeView, Cancel))!.Items;
    }
}
