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
public sealed partial class NodeSignatureTests(ClosedRelay closed) : IClassFixture<ClosedRelay>
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
        using HttpRequestMessage underItsName =
            new(HttpMethod.Post, Routes.CheckInsOf("node-7")) { Content = JsonContent.Create(Next(), RelayApiJson.Default.CheckIn) };
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
                request, RequestSignature.InputHeader,
                request.Headers.GetValues(RequestSignature.InputHeader).Single().Replace(";created=1", ";created=2", StringComparison.Ordinal)),
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
