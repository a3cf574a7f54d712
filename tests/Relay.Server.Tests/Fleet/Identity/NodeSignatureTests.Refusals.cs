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

// Headers, bodies and sequences that are refused.
public sealed partial class NodeSignatureTests
{
    [Fact]
    [Trait("Attack", "signature-form")]
    public async Task Headers_OfAnyLength_AreRefused()
    {
        HttpRequestMessage request = await SignedAsync(Next());
        Replace(
            request, RequestSignature.InputHeader, request.Headers.GetValues(RequestSignature.InputHeader).Single() + new string(' ', 10_000) + "x");
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
}
