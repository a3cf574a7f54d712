using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Http.Access;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Datasets;

/// <summary>Which label is the last of a source, whatever is sent again and in whatever order things come.</summary>
public sealed class LabelVoteTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task AddLabels_SampleSentAgainAfterACorrection_KeepsTheCorrection()
    {
        await CreateAsync(fixture.Relay, "corrected");
        const string row = """{"id":"a","length":1,"verdict":"good"}""";
        await AddAsync(fixture.Relay.Admin, "corrected", row);
        await LabelAsync(fixture.Relay.Admin, "corrected", ("a", "bad"));

        UploadReport again = await AddAsync(fixture.Relay.Admin, "corrected", row);

        Assert.Equal((0, 1), (again.Accepted, again.Duplicates));
        Assert.EndsWith("a,1,,,,bad\n", await ExportAsync(fixture.Relay.Admin, "corrected"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddLabels_OfAKeyThatWasRotated_AreOfTheSameSource()
    {
        await CreateAsync(fixture.Relay, "rotated");
        await AddAsync(fixture.Relay.Admin, "rotated", """{"id":"a","length":1}""");
        ApiKeyStore keys = fixture.Relay.Services.GetRequiredService<ApiKeyStore>();
        ApiKeyIssued first = keys.Create("labels", ApiKeyRole.Trainer, null).Value!;
        ApiKeyIssued second = keys.Rotate(first.Key.Id, TimeSpan.FromHours(1)).Value!;
        ApiKeyIssued third = keys.Rotate(second.Key.Id, TimeSpan.FromHours(1)).Value!;
        ApiKeyIssued other = keys.Create("labels", ApiKeyRole.Trainer, null).Value!;
        await LabelWithAsync(first, "bad");

        UploadReport again = await LabelWithAsync(third, "bad");
        UploadReport changed = await LabelWithAsync(second, "good");
        UploadReport another = await LabelWithAsync(other, "good");

        Assert.Equal((1, 1, 1), (again.Duplicates, changed.Accepted, another.Accepted));
        Assert.Equal(
            [$"key:{first.Key.Id}", $"key:{other.Key.Id}"],
            (await ViewAsync(fixture.Relay, "rotated")).Sources.Where(source => source.Rows == 0).Select(source => source.Name));
        Assert.EndsWith("a,1,,,,good\n", await ExportAsync(fixture.Relay.Admin, "rotated"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddSamples_LabelThatCameBefore_IsOlderThanThatOfTheSample()
    {
        await CreateAsync(fixture.Relay, "older");
        await LabelAsync(fixture.Relay.Admin, "older", ("a", "bad"), ("b", "bad"), ("c", "good"));

        UploadReport samples = await AddAsync(
            fixture.Relay.Admin, "older", """{"id":"a","length":1,"verdict":"good"}""", """{"id":"b","length":1,"verdict":"good"}""",
            """{"id":"c","length":1,"verdict":"good"}""");
        UploadReport later = await LabelAsync(fixture.Relay.Admin, "older", ("b", "bad"));

        Assert.Equal((3, 2), (samples.Accepted, samples.Conflicts));
        Assert.Equal((1, 1), (later.Accepted, later.Conflicts));
        Assert.EndsWith(
            "a,1,,,,good\nb,1,,,,bad\nc,1,,,,good\n", await ExportAsync(fixture.Relay.Admin, "older"), StringComparison.Ordinal);
        Assert.Equal(3, (await ViewAsync(fixture.Relay, "older")).Conflicts);
        using HttpResponseMessage forgotten = await fixture.Relay.Admin.PostAsJsonAsync(
            Routes.ForgetOf("older"), new ForgetRequest(["a", "b"]), RelayApiJson.Default.ForgetRequest);
        forgotten.EnsureSuccessStatusCode();
        Assert.Equal((0, 2), await CountsAsync("older"));
    }

    private async Task<UploadReport> LabelWithAsync(ApiKeyIssued key, string label)
    {
        using HttpClient client = fixture.Relay.CreateClient(key.Text);
        return await LabelAsync(client, "rotated", ("a", label));
    }

    private async Task<(long Conflicts, long Labels)> CountsAsync(string name)
    {
        DatasetView view = await ViewAsync(fixture.Relay, name);
        return (view.Conflicts, view.Labels);
    }
}
