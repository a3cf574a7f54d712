using System.Net;
using Relay.Server.Tests.Http;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Datasets;

public sealed class UploadTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task AddSamples_SameUploadTwice_AddsItOnce()
    {
        await CreateAsync(fixture.Relay, "twice");
        string[] rows =
        [
            """{"id":"a","length":1,"method":"GET","verdict":"good"}""", "", """{"id":"b","length":2.5,"client":"192.0.2.1","note":"é"}""",
        ];

        UploadReport first = await AddAsync(fixture.Relay.Admin, "twice", rows);
        UploadReport second = await AddAsync(fixture.Relay.Admin, "twice", rows);

        Assert.Equal((2, 0, 0, 2), (first.Accepted, first.Duplicates, first.Refused, first.Position));
        Assert.Equal((0, 2, 0, 2), (second.Accepted, second.Duplicates, second.Refused, second.Position));
        DatasetView view = await ViewAsync(fixture.Relay, "twice");
        Assert.Equal((2, 1), (view.Rows, view.Labels));
        Assert.Equal(2, Assert.Single(view.Sources).Rows);
    }

    [Theory]
    [InlineData("""{"id":"x","length":1""", SampleFaultReason.Malformed, null)]
    [InlineData("[1]", SampleFaultReason.Malformed, null)]
    [InlineData("""{"id":"x","length":1}{}""", SampleFaultReason.Malformed, null)]
    [InlineData("""{"id":"x","length":1,"length":2}""", SampleFaultReason.Malformed, "length")]
    [InlineData("""{"id":"x","length":1,"method":"\ud800"}""", SampleFaultReason.Malformed, null)]
    [InlineData("""{"length":1}""", SampleFaultReason.InvalidId, "id")]
    [InlineData("""{"id":7,"length":1}""", SampleFaultReason.InvalidId, "id")]
    [InlineData("""{"id":"a b","length":1}""", SampleFaultReason.InvalidId, "id")]
    [InlineData("""{"id":"192.0.2.1","length":1}""", SampleFaultReason.InvalidId, "id")]
    [InlineData("""{"id":"x","length":1,"colour":"red"}""", SampleFaultReason.UnknownColumn, "colour")]
    [InlineData("""{"id":"x"}""", SampleFaultReason.MissingValue, "length")]
    [InlineData("""{"id":"x","length":null}""", SampleFaultReason.MissingValue, "length")]
    [InlineData("""{"id":"x","length":"NaN"}""", SampleFaultReason.InvalidValue, "length")]
    [InlineData("""{"id":"x","length":1e999}""", SampleFaultReason.InvalidValue, "length")]
    [InlineData("""{"id":"x","length":[1]}""", SampleFaultReason.InvalidValue, "length")]
    [InlineData("""{"id":"x","length":1,"method":"G\u0000T"}""", SampleFaultReason.InvalidValue, "method")]
    [InlineData("""{"id":"x","length":1,"verdict":"Good"}""", SampleFaultReason.InvalidLabel, "verdict")]
    [InlineData("""{"id":"x","length":1,"method":"192.0.2.1"}""", SampleFaultReason.Address, "method")]
    [InlineData("""{"id":"x","length":1,"note":"[2001:db8::1]:443"}""", SampleFaultReason.Address, "note")]
    [InlineData("""{"id":"x","length":1,"note":"203.0.113.7, 10.0.0.1"}""", SampleFaultReason.Address, "note")]
    [InlineData("""{"id":"x","length":1,"method":"/from/203.0.113.7"}""", SampleFaultReason.Address, "method")]
    [InlineData("""{"id":"x","length":1,"client":"203.0.113.7, 10.0.0.1"}""", SampleFaultReason.Address, "client")]
    [InlineData("""{"id":"req-203.0.113.7-12","length":1}""", SampleFaultReason.InvalidId, "id")]
    [InlineData("""{"id":"x","length":1,"client":"somebody"}""", SampleFaultReason.Address, "client")]
    public async Task AddSamples_FaultyRow_IsRefusedWithLineColumnAndReasonAndTheOthersAreTaken(
        string row, SampleFaultReason reason, string? column)
    {
        string name = $"faulty-{Guid.NewGuid():N}"[..30];
        await CreateAsync(fixture.Relay, name);

        UploadReport report = await AddAsync(
            fixture.Relay.Admin, name, """{"id":"before","length":1}""", row, """{"id":"after","length":1}""");

        Assert.Equal((2, 1), (report.Accepted, report.Refused));
        SampleFault fault = Assert.Single(report.Faults);
        Assert.Equal((2, reason, column), (fault.Line, fault.Reason, fault.Column));
        Assert.NotEmpty(fault.Detail);
    }

    [Fact]
    public async Task AddSamples_CsvWithRaggedRows_IsTakenButForThese()
    {
        await CreateAsync(fixture.Relay, "csv");

        UploadReport report = await ReportAsync(PostAsync(
            fixture.Relay.Admin, Routes.SamplesOf("csv"), SampleBounds.CsvType,
            "length,id,method\n1,a,\"GET, or\nso\"\n2,b\n3,c,PUT,x\n4,d,PUT\n"));

        Assert.Equal((2, 2), (report.Accepted, report.Refused));
        Assert.Equal(
            [(4L, SampleFaultReason.Malformed), (5L, SampleFaultReason.Malformed)], report.Faults.Select(f => (f.Line, f.Reason)));
    }

    [Fact]
    public async Task AddSamples_MoreFaultsThanAReportLists_CountsThemAll()
    {
        await CreateAsync(fixture.Relay, "many-faults");

        UploadReport report = await AddAsync(fixture.Relay.Admin, "many-faults", [.. Enumerable.Repeat("{}", SampleBounds.Faults + 5)]);

        Assert.Equal((SampleBounds.Faults + 5, SampleBounds.Faults), (report.Refused, report.Faults.Count));
    }

    [Fact]
    public async Task AddSamples_LineThatIsTooLong_IsRefusedAndTheNextIsTaken()
    {
        await CreateAsync(fixture.Relay, "long");
        string tooLong = $$"""{"id":"x","length":1,"note":"{{new string('x', 3 * SampleBounds.LineBytes)}}"}""";

        UploadReport report = await AddAsync(fixture.Relay.Admin, "long", tooLong, """{"id":"y","length":1}""");

        Assert.Equal((1, 1), (report.Accepted, report.Refused));
        Assert.Equal((1, SampleFaultReason.Malformed), (report.Faults[0].Line, report.Faults[0].Reason));
    }

    [Fact]
    public async Task AddSamples_DamageInTheMiddle_KeepsTheRowsBeforeAndSaysWhereItStopped()
    {
        await CreateAsync(fixture.Relay, "damaged");

        UploadReport report = await ReportAsync(PostAsync(
            fixture.Relay.Admin, Routes.SamplesOf("damaged"), SampleBounds.CsvType, "id,length\na,1\nb,\"2\nc,3\n"));

        Assert.Equal(1, report.Accepted);
        Assert.Contains(":3", report.Stopped, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SampleBounds.CsvType, "id,length,colour\na,1,red\n", HttpStatusCode.UnprocessableEntity, "invalid-upload")]
    [InlineData(SampleBounds.CsvType, "length\n1\n", HttpStatusCode.UnprocessableEntity, "invalid-upload")]
    [InlineData(SampleBounds.CsvType, "id,length,length\na,1,1\n", HttpStatusCode.UnprocessableEntity, "invalid-upload")]
    [InlineData(SampleBounds.CsvType, "\u001f\u008b", HttpStatusCode.UnprocessableEntity, "invalid-upload")]
    [InlineData(SampleBounds.ParquetType, "PAR1 and no more", HttpStatusCode.UnprocessableEntity, "invalid-upload")]
    [InlineData(SampleBounds.NdjsonType, "", HttpStatusCode.UnprocessableEntity, "invalid-upload")]
    [InlineData("application/json", "{}", HttpStatusCode.UnsupportedMediaType, "unsupported-media-type")]
    public async Task AddSamples_ContentThatCannotBeRead_IsAProblem(string type, string content, HttpStatusCode status, string problem)
    {
        if (!(await fixture.Relay.Admin.GetAsync(Routes.DatasetOf("unread"))).IsSuccessStatusCode)
        {
            await CreateAsync(fixture.Relay, "unread");
        }

        using HttpResponseMessage response = await PostAsync(
            fixture.Relay.Admin, Routes.SamplesOf("unread"), type, System.Text.Encoding.Latin1.GetBytes(content));

        Assert.Equal(problem, await response.ProblemTypeAsync(status));
        Assert.Equal(0, (await ViewAsync(fixture.Relay, "unread")).Rows);
    }

    [Fact]
    public async Task AddSamples_ToAnUnknownDataset_IsUnknown()
    {
        using HttpResponseMessage response = await PostAsync(
            fixture.Relay.Admin, Routes.SamplesOf("nowhere"), SampleBounds.NdjsonType, "{}");

        Assert.Equal("unknown-dataset", await response.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task AddSamples_IdOfAnotherSample_IsRefused()
    {
        await CreateAsync(fixture.Relay, "taken");
        await AddAsync(fixture.Relay.Admin, "taken", """{"id":"a","length":1}""");

        UploadReport report = await AddAsync(fixture.Relay.Admin, "taken", """{"id":"a","length":2}""");

        Assert.Equal((SampleFaultReason.IdTaken, "id"), (Assert.Single(report.Faults).Reason, report.Faults[0].Column));
    }

    [Fact]
    [Trait("Attack", "samples-of-strangers")]
    public async Task AddSamples_WithoutAKeyOrBySomeoneWhoHasNotEnrolled_IsRefusedWhateverIsOpen()
    {
        await CreateAsync(fixture.Relay, "strangers");
        using SigningNode stranger = new("stranger");
        using HttpClient signing = stranger.CreateClient(fixture.Relay);
        foreach (HttpClient client in new[] { fixture.Relay.Anonymous, signing })
        {
            using HttpResponseMessage response = await PostAsync(
                client, Routes.SamplesOf("strangers"), SampleBounds.NdjsonType, """{"id":"a","length":1}""");

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.Equal(0, (await ViewAsync(fixture.Relay, "strangers")).Rows);
    }
}
