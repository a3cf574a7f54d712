using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Datasets;

/// <summary>What the API tells of one dataset alone: how often each label occurs, and what became of the rows that were sent.</summary>
public sealed class DatasetDetailTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task Balance_LabelsOfAllKinds_CountsEachSampleOncePerLabel()
    {
        await CreateAsync(fixture.Relay, "balance");
        await AddAsync(
            fixture.Relay.Admin, "balance", """{"id":"a","length":1,"verdict":"bad"}""", """{"id":"b","length":2,"verdict":"bad"}""",
            """{"id":"c","length":3}""", """{"id":"d","length":4}""");
        Assert.Equal([new LabelCount("bad", 2)], (await ViewAsync(fixture.Relay, "balance")).Balance);

        // One more for a, the same again for b, the first for c, one that is changed back for d, and one that waits for its sample.
        await LabelAsync(fixture.Relay.Admin, "balance", ("a", "good"), ("b", "bad"), ("c", "good"), ("later", "good"));
        await LabelAsync(fixture.Relay.Admin, "balance", ("d", "good"));
        await LabelAsync(fixture.Relay.Admin, "balance", ("d", "bad"));
        await LabelAsync(fixture.Relay.Admin, "balance", ("d", "good"));
        Assert.Equal([new LabelCount("bad", 3), new LabelCount("good", 3)], (await ViewAsync(fixture.Relay, "balance")).Balance);

        using HttpResponseMessage forgotten = await fixture.Relay.Admin.PostAsJsonAsync(
            Routes.ForgetOf("balance"), new ForgetRequest(["d"]), RelayApiJson.Default.ForgetRequest);
        forgotten.EnsureSuccessStatusCode();
        Assert.Equal([new LabelCount("bad", 2), new LabelCount("good", 2)], (await ViewAsync(fixture.Relay, "balance")).Balance);
    }

    [Fact]
    public async Task Balance_NumbersOrNoLabelOrAList_IsNull()
    {
        DatasetSpec numbers = new()
        {
            Name = "numbers",
            Columns = [new("x", ColumnType.Number), new("y", ColumnType.Label)],
            Label = new DatasetLabel { Number = true },
        };
        await PostAsync(numbers);
        await PostAsync(new DatasetSpec { Name = "without", Columns = [new("x", ColumnType.Number)] });

        Assert.Null((await ViewAsync(fixture.Relay, "numbers")).Balance);
        Assert.Null((await ViewAsync(fixture.Relay, "without")).Balance);
        await CreateAsync(fixture.Relay, "listed");
        Assert.Empty((await ViewAsync(fixture.Relay, "listed")).Balance!);
        Page<DatasetView> list = (await fixture.Relay.Admin.GetFromJsonAsync(
            $"{Routes.Datasets}?name=listed", RelayApiJson.Default.PageDatasetView))!;
        Assert.Null(Assert.Single(list.Items).Balance);
        Assert.Null(list.Items[0].Uploads);
    }

    [Fact]
    public async Task Uploads_AcceptedAndRefusedRows_AreCountedByReason()
    {
        await CreateAsync(fixture.Relay, "counted");
        await AddAsync(
            fixture.Relay.Admin, "counted", """{"id":"a","length":1}""", """{"id":"a","length":1}""", """{"id":"b"}""", """{"id":"c"}""",
            """{"id":"d","length":1,"note":"192.0.2.1"}""");
        await LabelAsync(fixture.Relay.Admin, "counted", ("a", "good"), ("a", "ugly"));

        UploadTotals uploads = (await ViewAsync(fixture.Relay, "counted")).Uploads!;

        Assert.Equal((2, 1, 4), (uploads.Accepted, uploads.Duplicates, uploads.Refused));
        Assert.Equal(
            [
                new RefusalCount(SampleFaultReason.MissingValue, 2), new RefusalCount(SampleFaultReason.InvalidLabel, 1),
                new RefusalCount(SampleFaultReason.Address, 1),
            ],
            uploads.Refusals);
    }

    private async Task PostAsync(DatasetSpec spec)
    {
        using HttpResponseMessage created = await fixture.Relay.Admin.PostAsJsonAsync(Routes.Datasets, spec, RelayApiJson.Default.DatasetSpec);
        created.EnsureSuccessStatusCode();
    }
}
