using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Cli;
using Relay.Server.Cli.Datasets;
using Relay.Server.Datasets;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Datasets;

/// <summary>Requests to forget that match nothing, come in parts, or come while an upload arrives.</summary>
public sealed class ForgetRequestTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task Forget_SourceThatSentNothing_IsUnknownAndDeletesNothing()
    {
        await CreateAsync(fixture.Relay, "misspelled");
        await AddAsync(fixture.Relay.Admin, "misspelled", """{"id":"a","length":1}""");

        using HttpResponseMessage unknown = await PostAsync("misspelled", new ForgetRequest([]) { Source = "node:web-1" });
        using HttpResponseMessage inParts = await PostAsync("misspelled", new ForgetRequest([]) { Source = "node:web-1", HasMore = true });
        RelayCommandRun command = await RunAsync("misspelled", "--source", "web-1");

        Assert.Equal("unknown-source", await unknown.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("invalid-forget", await inParts.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
        Assert.Equal(CommandLine.Failed, command.Code);
        Assert.Contains("nothing of a source 'web-1'", command.Error, StringComparison.Ordinal);
        Assert.Equal((1, 0), ((await ViewAsync(fixture.Relay, "misspelled")).Rows, (await ViewAsync(fixture.Relay, "misspelled")).Forgotten));
    }

    [Fact]
    public async Task Forget_IdThatNeverWas_FailsOnceAndAnIdThatWasForgottenBeforeDoesNot()
    {
        await CreateAsync(fixture.Relay, "never");
        await AddAsync(fixture.Relay.Admin, "never", """{"id":"a","length":1}""");

        RelayCommandRun first = await RunAsync("never", "a", "A");
        RelayCommandRun again = await RunAsync("never", "a", "A");
        RelayCommandRun none = await RunAsync("never", "b c");

        Assert.Equal((CommandLine.Failed, 0, CommandLine.Failed), (first.Code, again.Code, none.Code));
        Assert.Contains("1 samples are deleted, 1 were not there; none is taken again. 1 never were", first.Output, StringComparison.Ordinal);
        Assert.Contains("0 samples are deleted, 2 were not there; none is taken again. No byte", again.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was deleted: 'b c' is no id", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateRequests_MoreIdsThanARequestTakes_WritesTheDatasetAnewWithTheLast()
    {
        string[] ids = [.. Enumerable.Range(0, (2 * SampleBounds.Ids) + 1).Select(i => $"{i}")];

        ForgetRequest[] requests = [.. ForgetCommands.CreateRequests(ids, null)];

        Assert.Equal([true, true, false], requests.Select(request => request.HasMore));
        Assert.Equal(ids, requests.SelectMany(request => request.Ids));
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task Forget_WithMoreToComeAndAnEndInBetween_IsPurgedByTheNextStart()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await CreateAsync(relay, "parts");
        await AddAsync(relay.Admin, "parts", """{"id":"a","length":1}""", """{"id":"b","length":1}""");

        using HttpResponseMessage response = await relay.Admin.PostAsJsonAsync(
            Routes.ForgetOf("parts"), new ForgetRequest(["a"]) { HasMore = true }, RelayApiJson.Default.ForgetRequest);
        ForgetReport report = (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.ForgetReport))!;
        bool hadRemains = HasRemains(relay);
        await relay.RestartAsync();

        Assert.Equal(new ForgetReport(1, 0, false), report);
        Assert.True(hadRemains);
        await Eventually.TrueAsync(() => Task.FromResult(!HasRemains(relay)), "the start writes the file anew");
    }

    [Fact]
    [Trait("Attack", "samples-remains")]
    public async Task Forget_WhileAnUploadArrives_SaysThatBytesAreLeftAndTakesNoneOfThem()
    {
        await CreateAsync(fixture.Relay, "arriving");
        using SlowBody body = new("""{"id":"late","length":1}""" + "\n");
        Task<UploadReport> upload = ReportAsync(fixture.Relay.Admin.PostAsync(Routes.SamplesOf("arriving"), body));
        string uploads = Path.Combine(fixture.Relay.DataFolder, "uploads");
        await Eventually.TrueAsync(
            () => Task.FromResult(Directory.EnumerateFiles(uploads).Any(file => new FileInfo(file).Length > 0)), "the upload arrives");

        ForgetReport during = await ForgetAsync("arriving", "late");
        body.End();
        UploadReport report = await upload;
        ForgetReport after = during;
        await Eventually.TrueAsync(async () => (after = await ForgetAsync("arriving", "late")).Purged, "the copy goes with the upload");

        Assert.Equal(new ForgetReport(0, 1, false) { NeverThere = 1 }, during);
        Assert.Equal(SampleFaultReason.Forgotten, Assert.Single(report.Faults).Reason);
        Assert.Equal(new ForgetReport(0, 1, true), after);
    }

    private static bool HasRemains(TestRelay relay)
    {
        using System.Data.Common.DbConnection connection = relay.Services.GetRequiredService<DatasetStore>().Find("parts")!.Samples.OpenForReads();
        return Dapper.SqlMapper.ExecuteScalar<bool>(connection, "SELECT has_remains FROM state");
    }

    private async Task<ForgetReport> ForgetAsync(string dataset, params string[] ids)
    {
        using HttpResponseMessage response = await PostAsync(dataset, new ForgetRequest(ids));
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.ForgetReport))!;
    }

    private Task<HttpResponseMessage> PostAsync(string dataset, ForgetRequest request) =>
        fixture.Relay.Admin.PostAsJsonAsync(Routes.ForgetOf(dataset), request, RelayApiJson.Default.ForgetRequest);

    private Task<RelayCommandRun> RunAsync(string dataset, params string[] arguments) => RelayCommandRun.OnAsync(
        fixture.Relay, ["dataset", "forget", dataset, .. arguments]);

    /// <summary>A body that has begun and ends when it is told to.</summary>
    private sealed class SlowBody : HttpContent
    {
        private readonly byte[] _content;
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SlowBody(string content)
        {
            _content = Encoding.UTF8.GetBytes(content);
            Headers.ContentType = new MediaTypeHeaderValue(SampleBounds.NdjsonType);
        }

        public void End() => _end.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_content);
            await stream.FlushAsync();
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
