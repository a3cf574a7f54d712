using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Server.Fleet;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Fleet;

public sealed class FleetEndpointsTests(PublishedRelay fixture)
{
    [Fact]
    public async Task CheckIn_ValidReport_IsListedWithRefusalsAndQuarantine()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        CheckIn report = Reports.Valid("node-1");

        using HttpResponseMessage response = await SendAsync(relay, report);
        Page<NodeView> nodes = (await relay.Admin.GetFromJsonAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView))!;

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        NodeView node = Assert.Single(nodes.Items);
        Assert.Equal("node-1", node.Id);
        Assert.Equal(Json(report), Json(node.CheckIn));
    }

    [Fact]
    public async Task CheckIn_MembersReasonsAndStatesOfANewerNode_AreNoReasonToLoseTheRest()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        JsonObject report = JsonNode.Parse(Json(Reports.Valid("node-1")))!.AsObject();
        report["tomorrow"] = new JsonObject { ["a"] = 1 };
        report["models"]![0]!["more"] = 1;
        report["refusals"]![0]!["reason"] = "ReasonOfTomorrow";
        report["quarantine"]![0]!["more"] = "x";
        report["shadow"] = JsonNode.Parse(
            """[{"model":"small","active":1,"candidate":2,"state":"Tomorrow","calls":1,"disagreements":0,"largestDifference":0,"more":1}]""");

        using HttpResponseMessage response = await relay.Anonymous.PostAsync(
            Routes.CheckInsOf("node-1"), new StringContent(report.ToJsonString(), Encoding.UTF8, "application/json"));
        Page<NodeView> nodes = (await relay.Admin.GetFromJsonAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView))!;

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        CheckIn stored = Assert.Single(nodes.Items).CheckIn;
        Assert.Equal(("ReasonOfTomorrow", ShadowState.Unknown), (stored.Refusals[0].Reason, stored.Shadow![0].State));
        Assert.Equal(Reports.Valid("node-1").Models, stored.Models);
    }

    [Fact]
    public async Task CheckIn_ManyReports_KeepsTheLatestAndABoundedHistory()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        for (int release = 1; release <= NodeLimits.History + 5; release++)
        {
            (await SendAsync(relay, Reports.Valid("node-1") with { Release = release })).Dispose();
        }

        Page<NodeView> history = (await relay.Admin.GetFromJsonAsync(Routes.CheckInsOf("node-1"), RelayApiJson.Default.PageNodeView))!;
        Page<NodeView> nodes = (await relay.Admin.GetFromJsonAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView))!;

        Assert.Equal(NodeLimits.History, history.Items.Count);
        Assert.Equal(NodeLimits.History + 5, history.Items[0].CheckIn.Release);
        Assert.Equal(NodeLimits.History + 5, Assert.Single(nodes.Items).CheckIn.Release);
    }

    [Fact]
    public async Task CheckIn_AnotherNodesReport_IsRefused()
    {
        using HttpResponseMessage response = await fixture.Relay.Anonymous.PostAsJsonAsync(
            Routes.CheckInsOf("node-2"), Reports.Valid("node-1"), RelayApiJson.Default.CheckIn);

        Assert.Equal("invalid-check-in", await response.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task CheckIn_AfterAbort_IsStillListed()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        (await SendAsync(relay, Reports.Valid("node-1"))).Dispose();

        await relay.AbortAsync();
        await relay.StartAgainAsync();
        Page<NodeView> nodes = (await relay.Admin.GetFromJsonAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView))!;

        Assert.Equal("node-1", Assert.Single(nodes.Items).Id);
    }

    [Fact]
    public async Task Stats_ReportsOfTwoNodes_AreSummedByVersion()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion version = await relay.TrainSmallAsync();
        await relay.PublishAsync("stable", version);
        (await SendAsync(relay, Reports.Valid("node-1"))).Dispose();
        (await SendAsync(relay, Reports.Valid("node-2") with { Stale = true, Quarantine = [] })).Dispose();

        RelayStats stats = (await relay.Admin.GetFromJsonAsync(Routes.LegacyStats, RelayApiJson.Default.RelayStats))!;

        Assert.Equal((1, 1, 1, 2, 1, 1), (stats.Models, stats.Versions, stats.Releases, stats.Nodes, stats.StaleNodes, stats.Quarantined));
        Assert.Equal(1, stats.TrainingRuns["succeeded"]);
        Assert.Equal(1, stats.Channels["stable"]);
        Assert.Equal([new VersionPredictions("small", 1, 2, 200, 2)], stats.Predictions);
    }

    private static Task<HttpResponseMessage> SendAsync(TestRelay relay, CheckIn report) =>
        relay.Anonymous.PostAsJsonAsync(Routes.CheckInsOf(report.Node), report, RelayApiJson.Default.CheckIn);

    private static string Json(CheckIn report) => JsonSerializer.Serialize(report, RelayApiJson.Default.CheckIn);
}
