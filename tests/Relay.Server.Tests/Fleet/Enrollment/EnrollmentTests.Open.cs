using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Fleet.Enrollment;

// Relays that are open to nodes without a key.
public sealed partial class EnrollmentTests
{
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
}
