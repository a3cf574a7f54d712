using System.Net;
using System.Net.Http.Json;
using Dapper;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Training.Records;

/// <summary>The curve and the log of runs, as the API gives them.</summary>
public sealed class RunRecordTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Runs => Path.Combine(own.Relay.DataFolder, "runs");

    [Fact]
    public async Task Run_WithEarlyStopping_HasItsLossesAndSaysWhatItDid()
    {
        TrainingRun run = await TrainAsync(own.Relay, Boosted("boosted"));

        TrainingCurve curve = await CurveAsync(own.Relay, run.Id);
        string log = await LogAsync(own.Relay, run.Id);

        Assert.InRange(curve.Points.Count, 2, 30);
        Assert.All(curve.Points, point => Assert.NotNull(point.ValidationLoss));
        Assert.True(curve.Points[^1].ValidationLoss < curve.Points[0].ValidationLoss);
        Assert.Equal(30, curve.Total);
        Assert.InRange(curve.Kept!.Value, 1, curve.Points[^1].Iteration);
        Assert.Contains(": attempt 1.\n", log, StringComparison.Ordinal);
        Assert.Contains($"Rows: {SmallModel.TrainFile}, ", log, StringComparison.Ordinal);
        Assert.Contains("There is no version to compare with.", log, StringComparison.Ordinal);
        Assert.Contains("Stage fit begins.", log, StringComparison.Ordinal);
        Assert.Contains("Stage fit took ", log, StringComparison.Ordinal);
        Assert.Contains("Gate parity passed: ", log, StringComparison.Ordinal);
        Assert.Matches(@" Made version 1 in [0-9.]+ s: signed, [0-9,]+ bytes, [0-9,]+ trees, trained on 600 rows", log);
        Assert.EndsWith(", measured on 200.\n", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OfAForest_HasItsTreesAndNoLoss()
    {
        TrainingRun run = await TrainAsync(own.Relay, SmallModel.Spec("forest", trees: 12));

        TrainingCurve curve = await CurveAsync(own.Relay, run.Id);

        Assert.All(curve.Points, point => Assert.Null(point.ValidationLoss));
        Assert.Equal((12, 12), (curve.Points[^1].Iteration, curve.Total));
        Assert.Null(curve.Kept);
    }

    [Fact]
    public async Task Run_ThatAGateRefuses_SaysWhichAndWhy()
    {
        TrainingRun run = await TrainAsync(own.Relay, Refused("refused"), []);

        string log = await LogAsync(own.Relay, run.Id);

        Assert.Equal(TrainingRunState.Failed, run.State);
        Assert.Contains("Gate file-size failed: the file has ", log, StringComparison.Ordinal);
        Assert.Matches(@" Failed after [0-9.]+ s, GateFailed: gate file-size: .*\n$", log);
    }

    [Fact]
    public async Task Run_ThatIsCancelled_SaysSoAndKeepsItsCurve()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelSpec spec = SmallModel.SlowSpec();
        spec = spec with { Parameters = spec.Parameters with { EarlyStoppingRounds = 10_000 } };
        TrainingRun run = await relay.StartTrainingAsync(spec, SmallModel.LargeData, Cancel);
        TrainingCurve curve = await Eventually.GetAsync(
            () => CurveAsync(relay, run.Id), curve => curve.Points.Count > 2, "the curve grows while the run trains");
        Assert.All(curve.Points, point => Assert.NotNull(point.ValidationLoss));

        await relay.RestartAsync();
        await relay.WaitForRunAsync(run.Id, r => r.Stage == "fit", Cancel);
        (await relay.Admin.PostAsync($"{Routes.RunOf(run.Id)}/cancel", null, Cancel)).Dispose();
        await relay.WaitForRunAsync(run.Id, r => r.IsFinished, Cancel);

        string log = await LogAsync(relay, run.Id);
        Assert.Contains("The process stops: the run waits for the next one", log, StringComparison.Ordinal);
        Assert.Contains("Taken up again, since the process that had it ended, by process", log, StringComparison.Ordinal);
        Assert.Matches(@" Cancelled after [0-9.]+ s, as was requested; no version is stored\.\n$", log);
        Assert.True((await CurveAsync(relay, run.Id)).Points.Count >= curve.Points.Count);
    }

    [Fact]
    public async Task Run_ThatIsDeleted_TakesItsFilesAlong()
    {
        TrainingRun run = await TrainAsync(own.Relay, Refused("deleted"), []);
        Assert.Equal(2, Directory.GetFiles(Runs, $"{run.Id}-*").Length);

        using HttpResponseMessage deleted = await own.Relay.Admin.DeleteAsync(Routes.RunOf(run.Id), Cancel);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(Directory.GetFiles(Runs, $"{run.Id}-*"));
        Assert.Equal(HttpStatusCode.NotFound, (await own.Relay.Admin.GetAsync(Routes.LogOf(run.Id), Cancel)).StatusCode);
    }

    /// <summary>A database that came back from a backup gives the number of a run once more.</summary>
    [Fact]
    public async Task Log_OfARunWithTheNumberOfAnother_HasNoneOfItsLines()
    {
        TrainingRun run = await TrainAsync(own.Relay, SmallModel.Spec("again"));
        using System.Data.Common.DbConnection connection = own.Relay.OpenDatabase();
        connection.Execute("UPDATE training_runs SET created_at = created_at + 1 WHERE id = @Id", new { run.Id });

        Assert.Equal("", await LogAsync(own.Relay, run.Id));
        Assert.Empty((await CurveAsync(own.Relay, run.Id)).Points);
    }

    [Fact]
    public async Task Log_AfterSomeLines_HasTheOthers()
    {
        TrainingRun run = await TrainAsync(own.Relay, SmallModel.Spec("lines"));
        string log = await LogAsync(own.Relay, run.Id);

        string rest = await own.Relay.Admin.GetStringAsync($"{Routes.LogOf(run.Id)}?after=2", Cancel);

        Assert.Equal(string.Concat(log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).Select(line => line + "\n")), rest);
    }

    [Fact]
    public async Task Commands_ShowTheCurveAndTheLog()
    {
        TrainingRun run = await own.Relay.StartTrainingAsync(Boosted("commands"), SmallModel.Data, Cancel);

        RelayCommandRun log = await RunAsync("runs", "log", $"{run.Id}", "--follow");
        RelayCommandRun shown = await RunAsync("runs", "show", $"{run.Id}");
        RelayCommandRun json = await RunAsync("runs", "show", $"{run.Id}", "--json");

        Assert.Contains(" Made version ", log.Output, StringComparison.Ordinal);
        Assert.Contains("validation loss", shown.Output, StringComparison.Ordinal);
        Assert.Contains("early stopping keeps", shown.Output, StringComparison.Ordinal);
        Assert.Contains("\"points\":", json.Output, StringComparison.Ordinal);
    }

    private static ModelSpec Refused(string name) => SmallModel.Spec(name) with
    {
        Gates = new Dictionary<string, GateBounds> { ["file-size"] = new() { Fail = 1 } },
    };

    private static ModelSpec Boosted(string name) => SmallModel.Spec(name) with
    {
        Algorithm = ModelAlgorithm.GradientBoosting,
        Parameters = new ModelParameters { Trees = 30, Depth = 3, Seed = 7, EarlyStoppingRounds = 10, ValidationFraction = 0.2 },
    };

    private static async Task<TrainingRun> TrainAsync(TestRelay relay, ModelSpec spec, IReadOnlyList<GateAcceptance>? accept = null)
    {
        TrainingRun run = await relay.StartTrainingAsync(spec, SmallModel.Data, Cancel, accept);
        return await relay.WaitForRunAsync(run.Id, r => r.IsFinished, Cancel);
    }

    private static async Task<TrainingCurve> CurveAsync(TestRelay relay, long run) =>
        (await relay.Admin.GetFromJsonAsync(Routes.CurveOf(run), RelayApiJson.Default.TrainingCurve, Cancel))!;

    private static Task<string> LogAsync(TestRelay relay, long run) => relay.Admin.GetStringAsync(Routes.LogOf(run), Cancel);

    private Task<RelayCommandRun> RunAsync(params string[] arguments) => RelayCommandRun.OnAsync(own.Relay, arguments);
}
