using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Training;

public sealed class TrainingRunEndpointsTests(PublishedRelay fixture)
{
    [Fact]
    public async Task Start_ValidRun_IsAcceptedAndCreatesAVersion()
    {
        TrainingRun started = await fixture.Relay.StartTrainingAsync(SmallModel.Spec("started"), SmallModel.Data);

        TrainingRun finished = await fixture.Relay.WaitForRunAsync(started.Id, r => r.IsFinished);

        Assert.Equal(TrainingRunState.Queued, started.State);
        Assert.Equal(TrainingRunState.Succeeded, finished.State);
        Assert.Equal(1, finished.Version);
        Assert.NotNull(finished.FinishedAt);
    }

    [Theory]
    [InlineData("../data/relay.db")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../data/relay.db")]
    [InlineData("missing.csv")]
    [InlineData("")]
    [InlineData(".")]
    public async Task Start_FileNotInTheDatasets_IsRefused(string path)
    {
        string body = JsonSerializer.Serialize(
            new TrainingRunRequest(SmallModel.Name, new TrainingDataSource { Train = path }), RelayApiJson.Default.TrainingRunRequest);

        using HttpResponseMessage response = await fixture.Relay.Admin.PostAsync(Routes.TrainingRuns, HttpResponses.Json(body));

        using JsonDocument problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.True(problem.RootElement.GetProperty("errors").TryGetProperty("$.data.train", out _));
    }

    [Theory]
    [InlineData("{}", "$.data.train")]
    [InlineData("{\"test\":\"small-test.csv\"}", "$.data.train")]
    [InlineData("{\"train\":\"small-train.csv\",\"simulator\":{\"seed\":1,\"requests\":1000}}", "$.data")]
    [InlineData("{\"simulator\":{\"seed\":1,\"requests\":10}}", "$.data.simulator.requests")]
    [InlineData("{\"simulator\":{\"seed\":1,\"requests\":4999}}", "$.data.simulator.requests")]
    [InlineData("{\"simulator\":{\"seed\":1,\"requests\":5000}}", "$.data.simulator")]
    public async Task Start_DataContradictsItself_IsRefused(string data, string path)
    {
        using HttpResponseMessage response = await fixture.Relay.Admin.PostAsync(
            Routes.TrainingRuns, HttpResponses.Json($"{{\"model\":\"small\",\"data\":{data}}}"));

        using JsonDocument problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.True(problem.RootElement.GetProperty("errors").TryGetProperty(path, out _));
    }

    [Fact]
    public async Task Run_AfterAFailedOne_GetsTheNextVersionNumber()
    {
        ModelSpec spec = SmallModel.Spec("failed-first");
        File.WriteAllText(Path.Combine(fixture.Relay.DatasetsFolder, "no-rows.csv"), "nothing\n");
        TrainingRun failed = await fixture.Relay.StartTrainingAsync(spec, new TrainingDataSource { Train = "no-rows.csv" });
        failed = await fixture.Relay.WaitForRunAsync(failed.Id, r => r.IsFinished);

        ModelVersion version = await fixture.Relay.TrainAsync(spec, SmallModel.Data);

        Assert.Equal(TrainingRunState.Failed, failed.State);
        Assert.Equal(1, version.Version);
    }

    [Fact]
    public async Task Cancel_RunningRun_EndsItWithoutAVersion()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TrainingRun run = await relay.StartTrainingAsync(SmallModel.SlowSpec(), SmallModel.LargeData);
        await relay.WaitForRunAsync(run.Id, r => r.Stage == "fit");

        using HttpResponseMessage response = await relay.Admin.PostAsync($"{Routes.TrainingRuns}/{run.Id}/cancel", null);
        run = await relay.WaitForRunAsync(run.Id, r => r.IsFinished);
        using HttpResponseMessage again = await relay.Admin.PostAsync($"{Routes.TrainingRuns}/{run.Id}/cancel", null);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(TrainingRunState.Cancelled, run.State);
        Assert.Null(run.Version);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Cancel_QueuedRun_EndsItAtOnceAndTheNextOneStillRuns()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TrainingRun running = await relay.StartTrainingAsync(SmallModel.SlowSpec(), SmallModel.LargeData);
        TrainingRun queued = await relay.StartTrainingAsync(SmallModel.Spec("queued"), SmallModel.Data);
        TrainingRun last = await relay.StartTrainingAsync(SmallModel.Spec("last"), SmallModel.Data);

        using HttpResponseMessage response = await relay.Admin.PostAsync($"{Routes.TrainingRuns}/{queued.Id}/cancel", null);
        TrainingRun answer = (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.TrainingRun))!;
        (await relay.Admin.PostAsync($"{Routes.TrainingRuns}/{running.Id}/cancel", null)).Dispose();
        last = await relay.WaitForRunAsync(last.Id, r => r.IsFinished);

        Assert.Equal(TrainingRunState.Cancelled, answer.State);
        Assert.Equal(TrainingRunState.Succeeded, last.State);
    }

    [Fact]
    public async Task Events_OfARun_EndWithItsEnd()
    {
        TrainingRun run = await fixture.Relay.StartTrainingAsync(SmallModel.Spec("followed"), SmallModel.Data);

        await using Stream stream = await fixture.Relay.Admin.GetStreamAsync($"{Routes.TrainingRuns}/{run.Id}/events");
        List<(string Type, TrainingRun Run)> events = [];
        await foreach (SseItem<TrainingRun> item in SseParser.Create(
            stream, (_, data) => JsonSerializer.Deserialize(data, RelayApiJson.Default.TrainingRun)!).EnumerateAsync())
        {
            events.Add((item.EventType, item.Data));
        }

        Assert.Equal("finished", events[^1].Type);
        Assert.Equal(TrainingRunState.Succeeded, events[^1].Run.State);
        Assert.All(events[..^1], e => Assert.Equal("progress", e.Type));
    }

    [Fact]
    public async Task Stop_WithOpenEventsAndARunningRun_EndsInOrderAndTheRunIsQueuedAgain()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TrainingRun run = await relay.StartTrainingAsync(SmallModel.SlowSpec(), SmallModel.LargeData);
        await relay.WaitForRunAsync(run.Id, r => r.Stage == "fit");
        await using Stream open = await relay.Admin.GetStreamAsync($"{Routes.TrainingRuns}/{run.Id}/events");

        await relay.RestartAsync();
        run = await relay.WaitForRunAsync(run.Id, r => r.State is TrainingRunState.Running);

        Assert.Null(run.Problem);
    }

    [Fact]
    public async Task Stop_WhileBoosting_RunContinuesFromItsCheckpointToTheSameModel()
    {
        ModelSpec spec = SmallModel.SlowSpec() with { Parameters = new ModelParameters { Trees = 120, Depth = 6, Seed = 7 } };
        await using TestRelay relay = await TestRelay.StartAsync();
        TrainingRun run = await relay.StartTrainingAsync(spec, SmallModel.LargeData);
        await relay.WaitForRunAsync(run.Id, r => r.Stage == "fit" && r.Done >= 3);

        await relay.StopAsync();
        string checkpoint = Path.Combine(relay.DataFolder, "checkpoints", $"{run.Id}");
        Assert.True(File.Exists(checkpoint));
        await relay.RestartAsync();
        run = await relay.WaitForRunAsync(run.Id, r => r.IsFinished);

        TrainingRun whole = await relay.StartTrainingAsync(spec with { Name = "calm" }, SmallModel.LargeData);
        whole = await relay.WaitForRunAsync(whole.Id, r => r.IsFinished);
        ModelCard stopped = await CardAsync(relay, run);
        ModelCard notStopped = await CardAsync(relay, whole);
        Assert.False(File.Exists(checkpoint));
        Assert.Equal((notStopped.SizeBytes, notStopped.NodeCount), (stopped.SizeBytes, stopped.NodeCount));
        Assert.Equal(notStopped.Metrics.Figures, stopped.Metrics.Figures);

        static async Task<ModelCard> CardAsync(TestRelay relay, TrainingRun run) => (await relay.Admin.GetFromJsonAsync(
            $"{Routes.Models}/{run.Model}/versions/{run.Version}", RelayApiJson.Default.VersionDetail))!.Card;
    }

    [Fact]
    public async Task Start_ManyAtOnce_AllRunOneAfterAnother()
    {
        await using TestRelay relay = await TestRelay.StartAsync();

        TrainingRun[] started = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => relay.StartTrainingAsync(SmallModel.Spec(trees: 2 + i), SmallModel.Data)));
        List<TrainingRun> finished = [];
        foreach (TrainingRun run in started)
        {
            finished.Add(await relay.WaitForRunAsync(run.Id, r => r.IsFinished));
        }

        Assert.Equal(Enumerable.Range(1, 6), finished.Select(r => r.Version!.Value).Order());
        TrainingRun[] byStart = [.. finished.OrderBy(r => r.Id)];
        Assert.All(byStart.Zip(byStart.Skip(1)), pair => Assert.True(pair.First.FinishedAt <= pair.Second.StartedAt));
    }
}
