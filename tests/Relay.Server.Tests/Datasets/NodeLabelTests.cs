using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Datasets;
using Relay.Server.Datasets.Samples;
using Relay.Server.Datasets.Uploads;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Datasets;

/// <summary>How much one node can label, and what it can keep others from.</summary>
public sealed class NodeLabelTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    [Fact]
    [Trait("Attack", "samples-flood")]
    public async Task AddLabels_OfANodeForIdsThatItInvents_WaitUpToItsShareAndItsOwnSamplesAreLabeledOn()
    {
        await CreateAsync(fixture.Relay, "invented", new DatasetLimits { MaxRows = 20, NodeShare = 0.2 });
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(fixture.Relay, "invented-1");
        using (node)
        using (client)
        {
            await AddAsync(client, "invented", """{"id":"own","length":1}""");
            UploadReport flood = await LabelAsync(client, "invented", [.. Enumerable.Range(0, 6).Select(i => ($"none-{i}", "bad"))]);
            UploadReport own = await LabelAsync(client, "invented", ("own", "bad"));

            Assert.Equal((4, 4, 2), (flood.Accepted, flood.Waiting, flood.Refused));
            Assert.All(flood.Faults, fault => Assert.Equal(SampleFaultReason.NodeShare, fault.Reason));
            Assert.Equal(1, own.Accepted);
        }
    }

    [Fact]
    [Trait("Attack", "samples-flood")]
    public async Task AddLabels_OfManyNodesForIdsThatTheyInvent_WaitUpToTheSizeOfTheDataset()
    {
        await CreateAsync(fixture.Relay, "crowd", new DatasetLimits { MaxRows = 4, NodeShare = 1 });
        UploadReport[] reports =
        [
            .. await Task.WhenAll(Enumerable.Range(0, 3).Select(i => StoreAsync(
                "crowd", $"crowd-{i}", UploadKind.Labels, [.. Enumerable.Range(0, 4).Select(row => $$"""{"id":"{{i}}-{{row}}","label":"bad"}""")]))),
        ];
        UploadReport ofKey = await LabelAsync(fixture.Relay.Admin, "crowd", ("late", "bad"));

        Assert.Equal((8, 4), (reports.Sum(report => report.Waiting), reports.Sum(report => report.Refused)));
        Assert.All(reports.SelectMany(report => report.Faults), fault => Assert.Equal(SampleFaultReason.DatasetFull, fault.Reason));
        Assert.Equal(1, ofKey.Waiting);
    }

    [Fact]
    [Trait("Attack", "samples-poison")]
    public async Task AddLabels_ManyNodesThatLabeledTheSampleBefore_DoNotKeepAKeyFromLabelingIt()
    {
        await CreateAsync(fixture.Relay, "crowded");
        string[] flips = [.. Enumerable.Range(0, SampleBounds.LabelChanges).Select(i => $$"""{"id":"a","label":"{{(i % 2 == 0 ? "bad" : "good")}}"}""")];
        for (int node = 0; node < SampleBounds.LabelChanges; node++)
        {
            Assert.Equal(flips.Length, (await StoreAsync("crowded", $"crowded-{node}", UploadKind.Labels, flips)).Accepted);
        }

        UploadReport ofNode = await StoreAsync("crowded", "crowded-last", UploadKind.Labels, flips[0]);
        UploadReport ofKey = await LabelAsync(fixture.Relay.Admin, "crowded", ("a", "good"));

        Assert.Equal(SampleFaultReason.TooManyLabels, Assert.Single(ofNode.Faults).Reason);
        Assert.Equal(1, ofKey.Accepted);
    }

    [Fact]
    public async Task AddLabels_WaitingOnesSentAgainAfterTheQuotaIsSpent_AreDuplicates()
    {
        await CreateAsync(fixture.Relay, "spent", new DatasetLimits { RowsPerNodeAndDay = 2 });
        string[] labels = ["""{"id":"a","label":"bad"}""", """{"id":"b","label":"bad"}"""];
        await StoreAsync("spent", "spent-1", UploadKind.Labels, labels);

        UploadReport again = await StoreAsync("spent", "spent-1", UploadKind.Labels, [.. labels, """{"id":"c","label":"bad"}"""]);

        Assert.Equal((2, SampleFaultReason.NodeQuota), (again.Duplicates, Assert.Single(again.Faults).Reason));
    }

    [Fact]
    [Trait("Attack", "samples-flood")]
    public async Task AddSamples_UploadThatBeganOnTheDayBefore_CountsForTheDayOnWhichItIsStored()
    {
        await CreateAsync(fixture.Relay, "midnight", new DatasetLimits { RowsPerNodeAndDay = 2 });
        TestClock clock = TestClock.Running();
        RowUpload slow = new Interrupted(Rows("""{"id":"a","length":1}"""), () =>
        {
            clock.Advance(TimeSpan.FromDays(1));
            StoreAsync("midnight", "midnight-1", UploadKind.Samples, clock, Rows("""{"id":"b","length":1}""")).GetAwaiter().GetResult();
        });

        UploadReport first = await StoreAsync("midnight", "midnight-1", UploadKind.Samples, clock, slow);
        UploadReport third = await StoreAsync("midnight", "midnight-1", UploadKind.Samples, clock, Rows("""{"id":"c","length":1}"""));

        Assert.Equal(1, first.Accepted);
        Assert.Equal(SampleFaultReason.NodeQuota, Assert.Single(third.Faults).Reason);
    }

    [Theory]
    [InlineData(SampleBounds.LabelLength, 1)]
    [InlineData(SampleBounds.LabelLength + 1, 0)]
    [Trait("Attack", "samples-flood")]
    public async Task AddLabels_NumberWithManyDigits_IsTakenUpToTheLengthOfALabel(int digits, int accepted)
    {
        string name = $"digits-{digits}";
        DatasetSpec spec = new()
        {
            Name = name,
            Columns = [new("x", ColumnType.Number) { Nodes = true }, new("y", ColumnType.Label) { Nodes = true }],
            Label = new DatasetLabel { Number = true },
        };
        fixture.Relay.Services.GetRequiredService<DatasetStore>().Add(spec, createdBy: null);
        string number = new string('0', digits - 1) + "1";

        UploadReport label = await StoreAsync(name, "digits-1", UploadKind.Labels, $$"""{"id":"a","label":"{{number}}"}""");
        UploadReport sample = await StoreAsync(name, "digits-1", UploadKind.Samples, $$"""{"id":"b","x":1,"y":"{{number}}"}""");

        Assert.Equal((accepted, accepted), (label.Accepted, sample.Accepted));
        Assert.All(label.Faults.Concat(sample.Faults), fault => Assert.Equal(SampleFaultReason.InvalidLabel, fault.Reason));
    }

    private Task<UploadReport> StoreAsync(string dataset, string node, UploadKind kind, params string[] lines) =>
        StoreAsync(dataset, node, kind, TimeProvider.System, Rows(kind, lines));

    private async Task<UploadReport> StoreAsync(string dataset, string node, UploadKind kind, TimeProvider timeProvider, RowUpload rows) =>
        await new UploadExecution(
            fixture.Relay.Services.GetRequiredService<DatasetStore>().Find(dataset)!, kind, new SampleSource(SampleSource.NameOfNode(node)),
            fixture.Relay.Services.GetRequiredService<StorageHealth>(), fixture.Relay.Services.GetRequiredService<UploadCounter>(), timeProvider)
            .RunAsync(rows, TestContext.Current.CancellationToken);

    private static NdjsonUpload Rows(params string[] lines) => Rows(UploadKind.Samples, lines);

    private static NdjsonUpload Rows(UploadKind kind, string[] lines) => new(
        new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines))),
        kind is UploadKind.Labels ? [SampleBounds.LabelColumn]
        : lines[0].Contains("\"x\"", StringComparison.Ordinal) ? ["x", "y"]
        : [.. Spec("any").Columns.Select(c => c.Name)]);

    /// <summary>Rows during whose reading something else happens.</summary>
    private sealed class Interrupted(RowUpload rows, Action interrupt) : RowUpload
    {
        public override bool Read(SampleRow row, out SampleFault? fault)
        {
            bool isRead = rows.Read(row, out fault);
            if (!isRead)
            {
                interrupt();
            }

            return isRead;
        }

        public override void Dispose() => rows.Dispose();
    }
}
