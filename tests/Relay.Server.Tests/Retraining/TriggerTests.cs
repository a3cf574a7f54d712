using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Retraining;
using Relay.Server.Tests.Datasets;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Retraining;

public sealed class TriggerTests
{
    [Fact]
    public async Task Daily_StartsOneRunADayAndNoneAgainAfterARestart()
    {
        TestClock clock = TestClock.Running();
        await using TestRelay relay = await StartAsync(clock);
        TrainingTriggerView trigger = await CreateAsync(
            relay, SmallModel.Data, new TriggerRule { DailyAt = TimeOnly.FromTimeSpan(clock.GetUtcNow().TimeOfDay).AddHours(-1) });

        Run(relay);
        Assert.Empty(await RunsAsync(relay));
        clock.Advance(TimeSpan.FromDays(1));
        Run(relay);
        Run(relay);
        TrainingRun started = Assert.Single(await RunsAsync(relay));
        await relay.WaitForRunAsync(started.Id, run => run.IsFinished);
        await relay.RestartAsync();
        Run(relay);

        Assert.Equal(trigger.Id, Assert.Single(await RunsAsync(relay)).Trigger);
        clock.Advance(TimeSpan.FromDays(3));
        Run(relay);
        Run(relay);
        Assert.Equal(2, (await RunsAsync(relay)).Count);
    }

    [Fact]
    public async Task Daily_ClockThatWasAheadAndIsRightAgain_GoesOnTheNextDay()
    {
        TestClock clock = TestClock.Running();
        await using TestRelay relay = await StartAsync(clock);
        await CreateAsync(relay, SmallModel.Data, new TriggerRule { DailyAt = TimeOnly.FromTimeSpan(clock.GetUtcNow().TimeOfDay).AddHours(-1) });

        clock.Set(TimeSpan.FromDays(20));
        Run(relay);
        TrainingRun started = Assert.Single(await RunsAsync(relay));
        await relay.WaitForRunAsync(started.Id, run => run.IsFinished);
        clock.Set(TimeSpan.FromDays(-20));
        Run(relay);
        Assert.Single(await RunsAsync(relay));
        clock.Advance(TimeSpan.FromDays(1));
        Run(relay);

        Assert.Equal(2, (await RunsAsync(relay)).Count);
    }

    [Fact]
    public async Task NewSamples_EnoughOfThem_StartOneRunThatSeesThemAndNeverWhilePaused()
    {
        TestClock clock = TestClock.Running();
        await using TestRelay relay = await StartAsync(clock);
        TrainingTriggerView trigger = await CreateAsync(relay, Dataset, new TriggerRule { NewSamples = 3 });
        await AddAsync(relay, 0, 2);
        Run(relay);
        Assert.Empty(await RunsAsync(relay));

        (await relay.Admin.PostAsync($"{Routes.TriggerOf(trigger.Id)}/pause", null)).EnsureSuccessStatusCode();
        await AddAsync(relay, 2, 2);
        Run(relay);
        Assert.Empty(await RunsAsync(relay));

        (await relay.Admin.PostAsync($"{Routes.TriggerOf(trigger.Id)}/resume", null)).EnsureSuccessStatusCode();
        Run(relay);
        Run(relay);
        TrainingRun run = Assert.Single(await RunsAsync(relay));
        Assert.Equal(4, run.Data.Dataset?.Position);
        await relay.WaitForRunAsync(run.Id, r => r.IsFinished);

        // What nodes send decides when: no more than once an hour.
        await AddAsync(relay, 4, 5);
        Run(relay);
        Assert.Single(await RunsAsync(relay));
        clock.Advance(TimeSpan.FromHours(2));
        Run(relay);
        Assert.Equal(2, (await RunsAsync(relay)).Count);

        (await relay.Admin.DeleteAsync(Routes.TriggerOf(trigger.Id))).EnsureSuccessStatusCode();
        using HttpResponseMessage gone = await relay.Admin.GetAsync(Routes.TriggerOf(trigger.Id));
        Assert.Equal("unknown-trigger", await gone.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Drift_SamplesThatAreAsBefore_StartNothingAndOthersStartARun()
    {
        TestClock clock = TestClock.Running();
        await using TestRelay relay = await StartAsync(clock);
        await AddAsync(relay, 0, DatasetDrift.MinimumRows);
        await CreateAsync(relay, Dataset, new TriggerRule { Drift = 0.25 });
        await AddAsync(relay, 1000, DatasetDrift.MinimumRows);
        Run(relay);
        Assert.Empty(await RunsAsync(relay));

        // To measure reads thousands of samples: no more than once an hour.
        await AddAsync(relay, 2000, 2 * DatasetDrift.MinimumRows, shift: 500);
        Run(relay);
        Assert.Empty(await RunsAsync(relay));
        clock.Advance(TimeSpan.FromHours(1));
        Run(relay);

        Assert.Single(await RunsAsync(relay));
    }

    /// <summary>What a process that was killed between two looks, or two of them at once, would do.</summary>
    [Fact]
    public async Task Fire_SameStateTwice_StartsOneRun()
    {
        await using TestRelay relay = await StartAsync(TestClock.Running());
        TrainingTriggerView trigger = await CreateAsync(relay, Dataset, new TriggerRule { NewSamples = 1 });
        TriggerStore triggers = relay.Services.GetRequiredService<TriggerStore>();
        StoredTrigger seen = triggers.Find(trigger.Id)!;
        ModelSpec spec = Spec;

        TrainingRun? first = triggers.Fire(seen, seen.Mark + 1, spec, trigger.Data);
        TrainingRun? second = triggers.Fire(seen, seen.Mark + 1, spec, trigger.Data);
        TrainingRun? beside = triggers.Fire(triggers.Find(trigger.Id)!, seen.Mark + 2, spec, trigger.Data);

        Assert.NotNull(first);
        Assert.Null(second);
        Assert.Null(beside);
        Assert.Equal(first.Id, triggers.Find(trigger.Id)!.View.Run);
    }

    [Theory]
    [InlineData("""{"model":"m","data":{"dataset":{"name":"d"}},"rule":{}}""")]
    [InlineData("""{"model":"m","data":{"dataset":{"name":"d"}},"rule":{"newSamples":1,"drift":1}}""")]
    [InlineData("""{"model":"m","data":{"dataset":{"name":"d"}},"rule":{"newSamples":0}}""")]
    [InlineData("""{"model":"m","data":{"dataset":{"name":"d"}},"rule":{"drift":-1}}""")]
    [InlineData("""{"model":"m","data":{"dataset":{"name":"d","position":1}},"rule":{"newSamples":1}}""")]
    [InlineData("""{"model":"m","data":{"train":"small-train.csv"},"rule":{"newSamples":1}}""")]
    [InlineData("""{"model":"m","data":{"dataset":{"name":"none"}},"rule":{"newSamples":1}}""")]
    public async Task Create_RuleThatCannotBeUsed_IsRefused(string body)
    {
        await using TestRelay relay = await StartAsync(TestClock.Running());

        using HttpResponseMessage response = await relay.Admin.PostAsync(Routes.Triggers, HttpResponses.Json(body));

        Assert.Equal("invalid-trigger", await response.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
    }

    private static TrainingDataSource Dataset => new() { Dataset = new DatasetRows("d") };

    private static ModelSpec Spec => new()
    {
        Name = "m",
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.RandomForest,
        Columns = [new("length", ColumnType.Number), new("method", ColumnType.Category), new("verdict", ColumnType.Label)],
        Parameters = new ModelParameters { Trees = 2, Depth = 2 },
    };

    private static async Task<TestRelay> StartAsync(TestClock clock)
    {
        TestRelay relay = await TestRelay.StartAsync(options => options with { TimeProvider = clock });
        using HttpResponseMessage small = await relay.Admin.PutAsJsonAsync(
            $"{Routes.Models}/{SmallModel.Name}", SmallModel.Spec(), ModelJson.Default.ModelSpec);
        using HttpResponseMessage put = await relay.Admin.PutAsJsonAsync($"{Routes.Models}/m", Spec, ModelJson.Default.ModelSpec);
        put.EnsureSuccessStatusCode();
        await SmallDataset.CreateAsync(relay, "d");
        return relay;
    }

    private static async Task<TrainingTriggerView> CreateAsync(TestRelay relay, TrainingDataSource data, TriggerRule rule)
    {
        string model = data.Dataset is null ? SmallModel.Name : "m";
        using HttpResponseMessage created = await relay.Admin.PostAsJsonAsync(
            Routes.Triggers, new TrainingTriggerRequest(model, data, rule), RelayApiJson.Default.TrainingTriggerRequest);
        Assert.True(created.IsSuccessStatusCode, await created.Content.ReadAsStringAsync());
        return (await created.Content.ReadFromJsonAsync(RelayApiJson.Default.TrainingTriggerView))!;
    }

    private static Task<UploadReport> AddAsync(TestRelay relay, int first, int rows, int shift = 0) => SmallDataset.AddAsync(
        relay.Admin, "d",
        [
            .. Enumerable.Range(first, rows).Select(i =>
                $$"""{"id":"{{i}}","length":{{(i * 37 % 100) + shift}},"method":"GET","verdict":"{{(i % 2 == 0 ? "good" : "bad")}}"}"""),
        ]);

    private static void Run(TestRelay relay) => relay.Services.GetRequiredService<TriggerWorker>().Run(CancellationToken.None);

    private static async Task<IReadOnlyList<TrainingRun>> RunsAsync(TestRelay relay) =>
        (await relay.Admin.GetFromJsonAsync(Routes.TrainingRuns, RelayApiJson.Default.PageTrainingRun))!.Items;
}
