using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.History;

/// <summary>"What ran on a node at a time, and why did it believe so?", over HTTPS and with signed reports.</summary>
public sealed class NodeHistoryTests(HistoryScene scene) : IClassFixture<HistoryScene>
{
    private List<DateTimeOffset> Reported => scene.Reported;

    [Fact]
    public async Task Answer_ReleaseOfTheChannel_IsProvedByReportsAndTheDocumentsThatTheyName()
    {
        NodeHistoryAnswer answer = await AskAsync(Reported[0] + TimeSpan.FromMinutes(1));

        Assert.Equal((nameof(NodeHistoryStanding.Ran), true, true), (answer.Standing, answer.Before!.Signed, answer.After!.Signed));
        Assert.Equal([Reported[0], Reported[1]], new[] { answer.Before.SeenAt, answer.After.SeenAt });
        Assert.Equal(1, answer.Before.CheckIn.Release);
        NodeBelief belief = answer.Before.Belief!;
        Assert.Equal(
            (nameof(NodeBeliefCause.Channel), true, answer.Before.CheckIn.Metadata!.Timestamp), (belief.Cause, belief.Named, belief.Timestamp));
        Assert.Equal(
            ["anchors", "artifact", "channel", "channels", "policy", "release", "root", "signature", "snapshot", "targets", "timestamp"],
            belief.Files.Select(file => file.Role).Order(StringComparer.Ordinal));
        Assert.Equal(answer.Before.CheckIn.Models[0].Sha256, belief.Files.Single(file => file.Role == "artifact").Sha256);
    }

    [Fact]
    public async Task Answer_Candidate_NamesItsRollout()
    {
        NodeHistoryAnswer answer = await AskAsync(Reported[2] + TimeSpan.FromMinutes(1));

        Assert.Equal(nameof(NodeHistoryStanding.Ran), answer.Standing);
        Assert.Equal((2, nameof(NodeBeliefCause.Candidate), scene.Rollout),
            (answer.Before!.CheckIn.Release, answer.Before.Belief!.Cause, answer.Before.Belief.Rollout));
    }

    [Fact]
    public async Task Answer_AfterTheReturn_IsTheChannelAgainThoughItsDocumentsAreLater()
    {
        NodeHistoryAnswer answer = await AskAsync(Reported[4]);

        Assert.Equal((nameof(NodeHistoryStanding.Ran), 1, nameof(NodeBeliefCause.Channel)),
            (answer.Standing, answer.Before!.CheckIn.Release, answer.Before.Belief!.Cause));
        Assert.True(answer.Before.Belief.Timestamp > (await AskAsync(Reported[0])).Before!.Belief!.Timestamp);
    }

    [Fact]
    public async Task Answer_TimesThatNoReportTells_SaySoAndStateNothing()
    {
        Assert.Equal(nameof(NodeHistoryStanding.Changed), (await AskAsync(Reported[1] + TimeSpan.FromMinutes(1))).Standing);
        Assert.Equal(nameof(NodeHistoryStanding.BeforeFirst), (await AskAsync(Reported[0] - TimeSpan.FromMinutes(1))).Standing);
        Assert.Equal(nameof(NodeHistoryStanding.Gap), (await AskAsync(Reported[4] + TimeSpan.FromMinutes(20))).Standing);
        Assert.Equal(nameof(NodeHistoryStanding.AfterLast), (await AskAsync(Reported[5] + TimeSpan.FromMilliseconds(1))).Standing);
        Assert.Equal(nameof(NodeHistoryStanding.Future), (await AskAsync(Reported[5] + TimeSpan.FromDays(300))).Standing);
        using HttpResponseMessage unknown = await scene.Relay.Admin.GetAsync($"{Routes.HistoryOf("unknown")}?at=2026-01-01T00:00:00Z");
        Assert.Equal("unknown-node", await unknown.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task List_IntervalsAndGaps_NewestFirstAndPageByPage()
    {
        List<NodeIntervalView> items = [];
        string? cursor = null;
        do
        {
            Page<NodeIntervalView> page = (await scene.Relay.Admin.GetFromJsonAsync(
                $"{Routes.HistoryOf(scene.Node)}?limit=1{(cursor is null ? "" : $"&cursor={cursor}")}", RelayApiJson.Default.PageNodeIntervalView))!;
            items.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(
            [
                ("Ran", 1, Reported[5], Reported[5]), ("Gap", null, Reported[4], Reported[5]), ("Ran", 1, Reported[4], Reported[4]),
                ("Ran", 2, Reported[2], Reported[3]), ("Ran", (int?)1, Reported[0], Reported[1]),
            ],
            items.Where(item => item.To is not null).Select(item => (item.Kind, item.Release, item.From, item.To!.Value)));
        Assert.All(items.Where(item => item.Kind == "Ran"), item => Assert.True(item.Signed));
    }

    [Fact]
    public async Task Answer_NodeWithoutAKeyAndOfAnEarlierVersion_IsShownAsUnprovedWithTheMetadataOfTheRelay()
    {
        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage stored = await scene.Relay.Anonymous.PostAsJsonAsync(
                Routes.CheckInsOf("old"), scene.Create("old", 1), RelayApiJson.Default.CheckIn);
            Assert.Equal(HttpStatusCode.NoContent, stored.StatusCode);
        }

        DateTimeOffset seen =
            (await scene.Relay.Admin.GetFromJsonAsync(Routes.CheckInsOf("old"), RelayApiJson.Default.PageNodeView))!.Items[0].SeenAt;
        NodeHistoryAnswer answer = (await scene.AskAsync("old", seen))!;

        Assert.Equal((nameof(NodeHistoryStanding.Ran), false), (answer.Standing, answer.Before!.Signed));
        Assert.Contains("is not signed", answer.Detail, StringComparison.Ordinal);
        Assert.Equal((false, nameof(NodeBeliefCause.Channel)), (answer.Before.Belief!.Named, answer.Before.Belief.Cause));
        Assert.Equal([false], (await ListAsync("old")).Select(item => item.Signed!.Value));
    }

    [Fact]
    public async Task Answer_NodeThatWasRemovedAndEnrolledWithAnotherKey_KeepsBothHistories()
    {
        await scene.EnrollAsync("moved");
        DateTimeOffset first = await scene.ReportAsync("moved", 1);
        NodeHistoryAnswer before = (await scene.AskAsync("moved", first))!;
        using HttpResponseMessage removed = await scene.Relay.Admin.DeleteAsync(Routes.NodeOf("moved"));
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        NodeHistoryAnswer gone = (await scene.AskAsync("moved", first + TimeSpan.FromMilliseconds(1)))!;
        scene.Forget("moved");
        await scene.EnrollAsync("moved");
        DateTimeOffset second = await scene.ReportAsync("moved", 1);

        NodeHistoryAnswer[] answers = [(await scene.AskAsync("moved", first))!, (await scene.AskAsync("moved", second))!];
        Assert.Equal(nameof(NodeHistoryStanding.AfterLast), gone.Standing);
        Assert.Contains("removed", gone.Detail, StringComparison.Ordinal);
        Assert.All(answers, answer => Assert.Equal((nameof(NodeHistoryStanding.Ran), true), (answer.Standing, answer.Before!.Signed)));
        Assert.Equal(before.Before!.Request!.PublicKey, answers[0].Before!.Request!.PublicKey);
        Assert.NotEqual(answers[0].Before!.Request!.PublicKey, answers[1].Before!.Request!.PublicKey);
        Assert.Equal(nameof(NodeHistoryStanding.Changed), (await scene.AskAsync("moved", second - TimeSpan.FromMilliseconds(1)))!.Standing);
        Assert.NotNull((await ListAsync("moved")).Last().RemovedAt);
    }

    [Fact]
    [Trait("Attack", "altered-history")]
    public async Task Answer_RowThatWasAlteredInTheDatabase_IsNotSignedAnyMore()
    {
        await scene.EnrollAsync("altered");
        DateTimeOffset at = await scene.ReportAsync("altered", 1);
        scene.Relay.Services.GetRequiredService<RelayDatabase>().Write((connection, transaction) => connection.Execute(
            """
            UPDATE interval_reports SET check_in = replace(check_in, '"release":1', '"release":2') WHERE check_in LIKE '%"altered"%';
            UPDATE check_ins SET check_in = replace(check_in, '"release":1', '"release":2') WHERE node = 'altered';
            """, transaction: transaction));

        NodeHistoryAnswer answer = (await scene.AskAsync("altered", at))!;

        Assert.Equal((2, false), (answer.Before!.CheckIn.Release, answer.Before.Signed));
        Assert.Contains("is not signed", answer.Detail, StringComparison.Ordinal);
        Assert.Equal([(2, false)], (await ListAsync("altered")).Select(item => (item.Release!.Value, item.Signed!.Value)));
    }

    [Fact]
    [Trait("Attack", "altered-history")]
    public async Task Answer_NodeThatHeldOtherMetadataOfTheSameVersion_IsNotExplainedByTheRelays()
    {
        await scene.EnrollAsync("forked");
        DateTimeOffset at = await scene.ReportAsync("forked", 1, new string('a', 64));

        NodeBelief belief = (await scene.AskAsync("forked", at))!.Before!.Belief!;

        Assert.Equal(nameof(NodeBeliefCause.Unknown), belief.Cause);
        Assert.Contains("held other metadata", belief.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evidence_MalformedQuestion_IsRefused()
    {
        using HttpResponseMessage without = await scene.Relay.Admin.GetAsync($"{Routes.HistoryOf(scene.Node)}/evidence");
        using HttpResponseMessage cursor = await scene.Relay.Admin.GetAsync($"{Routes.HistoryOf(scene.Node)}?cursor=x");

        Assert.Equal("malformed-request", await without.ProblemTypeAsync(HttpStatusCode.BadRequest));
        Assert.Equal("malformed-request", await cursor.ProblemTypeAsync(HttpStatusCode.BadRequest));
    }

    private async Task<NodeHistoryAnswer> AskAsync(DateTimeOffset at) => (await scene.AskAsync(scene.Node, at))!;

    private async Task<IReadOnlyList<NodeIntervalView>> ListAsync(string node) =>
        [.. (await scene.Relay.Admin.GetFromJsonAsync(Routes.HistoryOf(node),
            RelayApiJson.Default.PageNodeIntervalView))!.Items.Where(item => item.Kind == "Ran")];
}
