using System.Diagnostics;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Repository;
using Relay.Server.Repository.Publishing;
using Relay.Server.Storage;
using Relay.Server.Telemetry;
using Relay.Server.Tests.Fleet;
using Relay.Server.Tests.Repository;
using Relay.TestKit;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Telemetry;

public sealed class RelayTracesTests : IDisposable
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    private readonly RecordedSpans _spans = new();

    public void Dispose() => _spans.Dispose();

    [Fact]
    public async Task Traces_FromARequestToAReport_AreOne()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ActivityTraceId trace = ActivityTraceId.CreateRandom();
        ModelSpec spec = SmallModel.Spec(trees: 2);
        (await relay.Admin.PutAsJsonAsync($"{Routes.Models}/{spec.Name}", spec, ModelJson.Default.ModelSpec)).Dispose();
        using HttpRequestMessage request = new(HttpMethod.Post, Routes.TrainingRuns)
        {
            Content = JsonContent.Create(new TrainingRunRequest(spec.Name, SmallModel.Data), RelayApiJson.Default.TrainingRunRequest),
            Headers = { { "traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01" } },
        };
        using HttpResponseMessage accepted = await relay.Admin.SendAsync(request);
        TrainingRun run = (await accepted.Content.ReadFromJsonAsync(RelayApiJson.Default.TrainingRun))!;
        run = await relay.WaitForRunAsync(run.Id, r => r.IsFinished);

        await relay.PublishAsync("stable", new ModelVersion(spec.Name, run.Version!.Value));
        foreach (string node in (string[])["first", "second"])
        {
            (await relay.Anonymous.PostAsJsonAsync(Routes.CheckInsOf(node), Reports.Valid(node), RelayApiJson.Default.CheckIn)).Dispose();
        }

        IReadOnlyList<Activity> spans = await Eventually.GetAsync(
            () => Task.FromResult(_spans.Find(trace)), spans => spans.Count >= 6, "all spans of the trace ended");
        Assert.Equal(
            [Request, "first check-in", "publish", "sign", "sign metadata", "train"],
            spans.Select(span => span.DisplayName).Order(StringComparer.Ordinal));
        Activity Span(string name) => spans.Single(span => span.DisplayName == name);
        Assert.Equal(Span(Request).SpanId, Span("train").ParentSpanId);
        Assert.Equal(Span("train").SpanId, Span("sign").ParentSpanId);
        Assert.Equal(Span("train").SpanId, Span("publish").ParentSpanId);
        Assert.Equal(Span("publish").SpanId, Span("sign metadata").ParentSpanId);
        Assert.Equal(Span("publish").SpanId, Span("first check-in").ParentSpanId);
        Assert.Equal(1, Span("publish").GetTagItem("relay.release"));

        // The request that published has a trace of its own, and each leads to the other.
        ActivityTraceId asked = Assert.Single(Span("publish").Links).Context.TraceId;
        Activity publication = await Eventually.GetAsync(
            () => Task.FromResult(_spans.Find(asked).FirstOrDefault()!), span => span is not null, "the request ended");
        Assert.NotEqual(trace, asked);
        Assert.Contains(publication.Links, link => link.Context.SpanId == Span("publish").SpanId);
    }

    /// <summary>What follows on a step may be done by a process that starts later, or by one beside this.</summary>
    [Fact]
    public async Task StartAfter_StepOfAnotherProcess_IsInItsTraceAndTheFirstReportIsOnce()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TraceStore store = new(relay.Services.GetRequiredService<RelayDatabase>(), TimeProvider.System);
        ActivityTraceId trace;
        using (Activity span = RelayTraces.Source.StartActivity("train")!)
        {
            trace = span.TraceId;
            RelayTraces before = new(store);
            before.Note(TraceStep.Version("a", 1), span);
            before.Note(TraceStep.Release(7), span);
        }

        RelayTraces after = new(store);
        RelayTraces beside = new(store);
        using Activity? publish = after.StartAfter("publish", TraceStep.Version("a", 1));
        using Activity? first = after.StartFirstAfter("first check-in", TraceStep.Release(7));
        Assert.Equal((trace, trace), (publish!.TraceId, first!.TraceId));
        Assert.Null(after.StartFirstAfter("first check-in", TraceStep.Release(7)));
        Assert.Null(beside.StartFirstAfter("first check-in", TraceStep.Release(7)));
        Assert.Null(beside.StartFirstAfter("first check-in", TraceStep.Release(8)));
    }

    [Fact]
    public async Task Traces_RunThatFails_EndsItsSpanWithAnError()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(relay.DatasetsFolder, SmallModel.TrainFile), "rate,size\n1,2\n");
        ActivityTraceId trace;
        using (Activity here = RelayTraces.Source.StartActivity("a test")!)
        {
            trace = here.TraceId;
            TrainingRun run = await relay.StartTrainingAsync(SmallModel.Spec(), SmallModel.Data);
            await relay.WaitForRunAsync(run.Id, r => r.IsFinished);
        }

        Activity train = await Eventually.GetAsync(
            () => Task.FromResult(_spans.Find(trace).FirstOrDefault(span => span.DisplayName == "train")!), span => span is not null,
            "the run ended");
        Assert.Equal(ActivityStatusCode.Error, train.Status);
        Assert.Equal("InvalidData", train.GetTagItem("error.type"));
    }

    [Fact]
    public async Task Traces_PublicationThatIsRefused_EndsItsSpanWithAnError()
    {
        using RepositoryScene scene = await RepositoryScene.StartAsync();
        ReleasePublisher publisher = new(scene.Open()) { Traces = new RelayTraces() };
        using Activity here = RelayTraces.Source.StartActivity("a test", ActivityKind.Internal, default(ActivityContext))!;

        Result<Publication, PublishRefusal> refused = await publisher.PublishAsync(
            scene.Request(1) with { Reservation = new ChannelReservation(7, "salt") }, CancellationToken.None);

        Activity publish = Assert.Single(_spans.Find(here.TraceId), span => span.DisplayName == "publish");
        Assert.Equal((ActivityStatusCode.Error, refused.Refusal!.Reason.ToString()), (publish.Status, publish.GetTagItem("error.type")));
    }

    [Fact]
    public void Note_MoreStepsThanAreKept_TheOldestIsForgotten()
    {
        RelayTraces traces = new();
        using Activity origin = RelayTraces.Source.StartActivity("origin", ActivityKind.Internal, default(ActivityContext))!;
        for (int release = 0; release <= 1000; release++)
        {
            traces.Note(TraceStep.Release(release), origin);
        }

        Assert.Null(traces.StartFirstAfter("lost", TraceStep.Release(0)));
        using Activity? kept = traces.StartFirstAfter("kept", TraceStep.Release(1));
        Assert.Equal(origin.SpanId, kept!.ParentSpanId);
        Assert.Null(traces.StartFirstAfter("again", TraceStep.Release(1)));
    }

    [Fact]
    public void StartAfter_TwoSteps_TheFirstIsItsParentAndTheSecondALink()
    {
        RelayTraces traces = new();
        using Activity one = RelayTraces.Source.StartActivity("one")!;
        traces.Note(TraceStep.Version("a", 1), one);
        one.Stop();
        using Activity two = RelayTraces.Source.StartActivity("two")!;
        traces.Note(TraceStep.Version("b", 1), two);
        two.Stop();

        using Activity both = traces.StartAfter("both", TraceStep.Version("a", 1), TraceStep.Version("unknown", 1), TraceStep.Version("b", 1))!;

        Assert.Equal(one.SpanId, both.ParentSpanId);
        Assert.Equal([two.SpanId], both.Links.Select(link => link.Context.SpanId));
    }
}
