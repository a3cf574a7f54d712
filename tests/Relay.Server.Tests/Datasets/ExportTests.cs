using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Relay.Server.Tests.Http;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Nodes;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Datasets;

public sealed class ExportTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    [Theory]
    [InlineData("csv", SampleBounds.CsvType)]
    [InlineData("ndjson", SampleBounds.NdjsonType)]
    [InlineData("parquet", SampleBounds.ParquetType)]
    public async Task Export_SentToAnotherDataset_GivesTheSameExportAgain(string format, string type)
    {
        await CreateAsync(fixture.Relay, $"from-{format}");
        await CreateAsync(fixture.Relay, $"to-{format}");
        await AddAsync(
            fixture.Relay.Admin, $"from-{format}", """{"id":"a","length":0.1,"method":"GET, \"or\"\nso","verdict":"bad"}""",
            """{"id":"b","length":-1e-7,"note":"é'"}""");
        await LabelAsync(fixture.Relay.Admin, $"from-{format}", ("b", "good"));

        byte[] first = await DownloadAsync($"from-{format}", format);
        UploadReport report = await ReportAsync(PostAsync(fixture.Relay.Admin, Routes.SamplesOf($"to-{format}"), type, first));
        byte[] second = await DownloadAsync($"to-{format}", format);

        Assert.Equal((2, 0), (report.Accepted, report.Refused));
        Assert.Equal(first, second);
        Assert.Equal(first, await DownloadAsync($"from-{format}", format));
    }

    [Fact]
    public async Task Export_UpToAPosition_LeavesOutWhatCameLater()
    {
        await CreateAsync(fixture.Relay, "position");
        UploadReport first = await AddAsync(fixture.Relay.Admin, "position", """{"id":"a","length":1,"verdict":"good"}""");
        string before = await ExportAsync(fixture.Relay.Admin, "position");
        await AddAsync(fixture.Relay.Admin, "position", """{"id":"b","length":2}""");
        await LabelAsync(fixture.Relay.Admin, "position", ("a", "bad"));

        Assert.Equal(before, await ExportAsync(fixture.Relay.Admin, "position", $"&position={first.Position}"));
        Assert.NotEqual(before, await ExportAsync(fixture.Relay.Admin, "position"));
        using HttpResponseMessage beyond = await fixture.Relay.Admin.GetAsync(Routes.ExportOf("position", "csv") + "&position=99");
        Assert.Equal(["3"], beyond.Headers.GetValues(Routes.PositionHeader));
    }

    [Fact]
    public async Task Export_UnknownFormat_IsAProblem()
    {
        using HttpResponseMessage response = await fixture.Relay.Admin.GetAsync(Routes.ExportOf("nowhere", "xls"));

        Assert.Equal("malformed-request", await response.ProblemTypeAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    [Trait("Attack", "samples-addresses")]
    public async Task Addresses_ThatTheDatasetHashes_AreNowhereOnTheDiskAndDifferFromThoseOfAnotherDataset()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await CreateAsync(relay, "one");
        await CreateAsync(relay, "two");
        string[] rows =
        [
            """{"id":"a","length":1,"client":"203.0.113.77"}""", """{"id":"b","length":1,"client":"::ffff:203.0.113.77"}""",
            """{"id":"c","length":1,"client":"203.0.113.78"}""",
        ];
        await AddAsync(relay.Admin, "one", rows);
        await AddAsync(relay.Admin, "two", rows);

        string[] one = [.. (await ExportAsync(relay.Admin, "one")).Split('\n').Skip(1).Take(3).Select(line => line.Split(',')[3])];
        string[] two = [.. (await ExportAsync(relay.Admin, "two")).Split('\n').Skip(1).Take(3).Select(line => line.Split(',')[3])];

        Assert.All(one, hash => Assert.Equal(32, hash.Length));
        Assert.Equal(one[0], one[1]);
        Assert.NotEqual(one[0], one[2]);
        Assert.NotEqual(one[0], two[0]);
        await relay.StopAsync();
        Assert.All(
            Directory.EnumerateFiles(relay.DataFolder, "*", SearchOption.AllDirectories),
            file => Assert.DoesNotContain("203.0.113.77", File.ReadAllText(file, System.Text.Encoding.Latin1), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_WithHashesOfAddresses_IsTakenWhereTheColumnIsNotForAddresses()
    {
        await CreateAsync(fixture.Relay, "hashed");
        await CreateAsync(fixture.Relay, "hashes-again");
        DatasetSpec plain = Spec("plain-texts");
        plain = plain with { Columns = [.. plain.Columns.Select(column => column with { Addresses = null })] };
        using HttpResponseMessage created = await fixture.Relay.Admin.PostAsJsonAsync(Routes.Datasets, plain, RelayApiJson.Default.DatasetSpec);
        created.EnsureSuccessStatusCode();
        await AddAsync(fixture.Relay.Admin, "hashed", """{"id":"a","length":1,"client":"203.0.113.77"}""");
        byte[] export = await DownloadAsync("hashed", "csv");

        UploadReport likeIt = await ReportAsync(PostAsync(fixture.Relay.Admin, Routes.SamplesOf("hashes-again"), SampleBounds.CsvType, export));
        UploadReport taken = await ReportAsync(PostAsync(fixture.Relay.Admin, Routes.SamplesOf("plain-texts"), SampleBounds.CsvType, export));

        Assert.Equal((SampleFaultReason.Address, "client"), (Assert.Single(likeIt.Faults).Reason, likeIt.Faults[0].Column));
        Assert.Equal(1, taken.Accepted);
        Assert.Equal(export, await DownloadAsync("plain-texts", "csv"));
    }

    [Fact]
    public async Task Export_FileOfADatasetThatIsGone_SaysSoAndTheOthersGoOn()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await CreateAsync(relay, "lost");
        string name = relay.Services.GetRequiredService<RelayDatabase>().OpenSamples(new(relay.DataFolder)).FindNames().Single();
        await relay.StopAsync();
        if (TestDatabases.FindServer(relay.DataFolder) is { } server)
        {
            PostgresServer.Shared.Execute(server, $"DROP SCHEMA {PostgresSampleTables.SchemaOf(name)} CASCADE");
        }

        string file = Path.Combine(relay.DataFolder, "samples", name);
        File.Delete(file);
        await relay.StartAgainAsync();
        await CreateAsync(relay, "other");

        using HttpResponseMessage export = await relay.Admin.GetAsync(Routes.ExportOf("lost", "csv"));
        Assert.Equal("dataset-unavailable", await export.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));
        Assert.NotNull((await ViewAsync(relay, "lost")).Problem);
        Assert.Null((await ViewAsync(relay, "other")).Problem);
        Assert.False(File.Exists(file));
        using HttpResponseMessage deleted = await relay.Admin.DeleteAsync(Routes.DatasetOf("lost"));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    private async Task<byte[]> DownloadAsync(string name, string format)
    {
        using HttpResponseMessage response = await fixture.Relay.Admin.GetAsync(Routes.ExportOf(name, format));
        byte[] content = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(ContentDigest.Create(content), Assert.Single(response.Headers.GetValues(ContentDigest.Header)));
        Assert.NotEmpty(response.Headers.GetValues(Routes.PositionHeader));
        return content;
    }
}
