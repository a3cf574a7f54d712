using System.Net;
using System.Net.Http.Json;
using Relay.Server.Datasets.Reading;
using Relay.Server.Tests.Http;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Datasets;

public sealed class LabelTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task AddLabels_AfterOrBeforeTheirSample_AreJoinedByItsId()
    {
        await CreateAsync(fixture.Relay, "late");
        await AddAsync(fixture.Relay.Admin, "late", """{"id":"a","length":1}""");

        UploadReport labels = await LabelAsync(fixture.Relay.Admin, "late", ("a", "bad"), ("b", "good"), ("c", "ugly"));
        UploadReport again = await LabelAsync(fixture.Relay.Admin, "late", ("a", "bad"), ("b", "good"));
        await AddAsync(fixture.Relay.Admin, "late", """{"id":"b","length":2}""");

        Assert.Equal((2, 1, 1), (labels.Accepted, labels.Waiting, labels.Refused));
        Assert.Equal((4L, SampleFaultReason.InvalidLabel), (Assert.Single(labels.Faults).Line, labels.Faults[0].Reason));
        Assert.Equal((0, 2), (again.Accepted, again.Duplicates));
        Assert.Equal("id,length,method,client,note,verdict\na,1,,,,bad\nb,2,,,,good\n", await ExportAsync(fixture.Relay.Admin, "late"));
    }

    [Fact]
    public async Task AddLabels_ThatContradict_AreKeptAndCounted()
    {
        await CreateAsync(fixture.Relay, "conflict");
        await AddAsync(fixture.Relay.Admin, "conflict", """{"id":"a","length":1,"verdict":"good"}""");

        UploadReport changed = await LabelAsync(fixture.Relay.Admin, "conflict", ("a", "bad"));

        Assert.Equal((1, 1), (changed.Accepted, changed.Conflicts));
        DatasetView view = await ViewAsync(fixture.Relay, "conflict");
        Assert.Equal((2, 1), (view.Labels, view.Conflicts));

        // The last word of the same source counts.
        Assert.Contains("a,1,,,,bad\n", await ExportAsync(fixture.Relay.Admin, "conflict"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddLabels_MoreChangesThanASourceMayMake_AreRefused()
    {
        await CreateAsync(fixture.Relay, "changes");
        await AddAsync(fixture.Relay.Admin, "changes", """{"id":"a","length":1}""");

        UploadReport report = await LabelAsync(
            fixture.Relay.Admin, "changes", [.. Enumerable.Range(0, SampleBounds.LabelChanges + 1).Select(i => ("a", i % 2 == 0 ? "bad" : "good"))]);

        Assert.Equal(SampleBounds.LabelChanges, report.Accepted);
        Assert.Equal(SampleFaultReason.TooManyLabels, Assert.Single(report.Faults).Reason);
    }

    [Fact]
    [Trait("Attack", "samples-poison")]
    public async Task AddLabels_OfANodeForTheSamplesOfOthers_NeverCount()
    {
        await CreateAsync(fixture.Relay, "owner");
        await AddAsync(fixture.Relay.Admin, "owner", """{"id":"a","length":1}""");
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(fixture.Relay, "owner-1");
        using (node)
        using (client)
        {
            UploadReport late = await LabelAsync(client, "owner", ("a", "bad"), ("b", "bad"));
            await AddAsync(fixture.Relay.Admin, "owner", """{"id":"b","length":1}""");
            await AddAsync(client, "owner", """{"id":"c","length":1}""");
            UploadReport own = await LabelAsync(client, "owner", ("c", "bad"));

            Assert.Equal((1, 1, SampleFaultReason.NotOwner), (late.Accepted, late.Waiting, Assert.Single(late.Faults).Reason));
            Assert.Equal(1, own.Accepted);
            Assert.EndsWith("a,1,,,,\nb,1,,,,\nc,1,,,,bad\n", await ExportAsync(fixture.Relay.Admin, "owner"), StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Attack", "samples-without-consent")]
    public async Task AddLabels_OfANodeWhereNodesMayNotLabel_AreRefusedAndTakenWithAKey()
    {
        DatasetSpec spec = Spec("unmarked");
        spec = spec with { Columns = [.. spec.Columns.Select(c => c.Name == "verdict" ? c with { Nodes = false } : c)] };
        using HttpResponseMessage created = await fixture.Relay.Admin.PostAsJsonAsync(Routes.Datasets, spec, RelayApiJson.Default.DatasetSpec);
        created.EnsureSuccessStatusCode();
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(fixture.Relay, "unmarked-1");
        using (node)
        using (client)
        {
            await AddAsync(client, "unmarked", """{"id":"a","length":1}""");
            UploadReport ofNode = await LabelAsync(client, "unmarked", ("a", "bad"), ("waits", "bad"));
            UploadReport ofKey = await LabelAsync(fixture.Relay.Admin, "unmarked", ("a", "good"));

            Assert.Equal((0, 2), (ofNode.Accepted, ofNode.Refused));
            Assert.All(ofNode.Faults, f => Assert.Equal((SampleFaultReason.NotConsented, SampleBounds.LabelColumn), (f.Reason, f.Column)));
            Assert.Equal(1, ofKey.Accepted);
        }
    }

    [Theory]
    [InlineData("", null, false)]
    [InlineData("n1:good", "good", false)]
    [InlineData("n2:good", null, false)]
    [InlineData("n1:good n1:bad", "bad", false)]
    [InlineData("n1:good k1:bad", "bad", true)]
    [InlineData("k1:bad n1:good n2:good", "bad", true)]
    [InlineData("k1:bad k2:good", null, false)]
    [InlineData("k1:bad k2:good k3:bad", "bad", true)]
    [InlineData("k1:bad k2:good k2:bad", "bad", true)]
    public void Decide_Votes_KeysStandAboveTheOwnerAndOtherNodesHaveNone(string votes, string? label, bool isTrusted)
    {
        (long, string)[] given =
        [
            .. votes.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(vote => ((vote[0] == 'k' ? 100L : 0) + vote[1] - '0', vote.Split(':')[1])),
        ];

        LabelVerdict verdict = LabelVerdict.Decide(1, given, source => source < 100);

        Assert.Equal((label, isTrusted), (verdict.Label, verdict.IsTrusted));
    }

    [Fact]
    public async Task AddLabels_ToADatasetWithoutLabels_AreRefused()
    {
        using HttpResponseMessage created = await fixture.Relay.Admin.PostAsync(
            Routes.Datasets, HttpResponses.Json("""{"name":"plain","columns":[{"name":"x","type":"number"}]}"""));
        created.EnsureSuccessStatusCode();

        using HttpResponseMessage response = await PostAsync(
            fixture.Relay.Admin, Routes.LabelsOf("plain"), SampleBounds.CsvType, "id,label\na,b\n");

        Assert.Equal("dataset-without-labels", await response.ProblemTypeAsync(HttpStatusCode.Conflict));
    }
}
