using System.Net.Http.Json;
using Relay.Server.Tests.Datasets;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Replicas;

/// <summary>Processes that train for a relay which itself does not.</summary>
public sealed class TrainingWorkerProcessTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Attack", "kill")]
    public async Task Kill_WorkerInTheMiddleOfARun_AnotherTakesItUpOnce(bool isFolderStored)
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        string server = PostgresServer.Shared.CreateEmptyDatabase();
        await using RelayProcess relay = new("--database", server, "--role", "api") { IsReplica = true, IsFolderStored = isFolderStored };
        await relay.StartAsync();
        await using RelayProcess killed = new("--database", server) { IsWorker = true, IsFolderStored = isFolderStored, Beside = relay };
        await using RelayProcess other = new("--database", server) { IsWorker = true, IsFolderStored = isFolderStored, Beside = relay };
        using HttpClient admin = relay.CreateAdminClient();
        ModelSpec spec = SmallModel.SlowSpec();
        spec = spec with { Parameters = spec.Parameters with { EarlyStoppingRounds = 10_000 } };
        TrainingRun slow = await admin.StartRunAsync(spec, SmallModel.LargeData);
        await killed.StartAsync();
        await admin.WaitForRunAsync(slow.Id, run => run is { State: TrainingRunState.Running, Stage: "fit" });
        TrainingCurve curve = await Eventually.GetAsync(
            () => ReadCurveAsync(admin, slow.Id), curve => curve.Points.Count > 1, "the relay sees the curve of another process");
        Assert.All(curve.Points, point => Assert.NotNull(point.ValidationLoss));

        await killed.KillAsync();
        await other.StartAsync();
        string started = $"Training run {slow.Id} of";
        await Eventually.TrueAsync(() => other.Log.Any(line => line.Contains(started, StringComparison.Ordinal)), "it is taken up");
        await admin.WaitForRunAsync(slow.Id, run => run is { State: TrainingRunState.Running, Stage: "fit" });

        // The word to end a run reaches the process that has it, and the next run is trained there as well.
        (await admin.PostAsync($"{Routes.TrainingRuns}/{slow.Id}/cancel", null)).EnsureSuccessStatusCode();
        await admin.WaitForRunAsync(slow.Id, run => run.State is TrainingRunState.Cancelled);
        string log = await admin.GetStringAsync(Routes.LogOf(slow.Id));
        Assert.Contains(" Taken by process ", log, StringComparison.Ordinal);
        Assert.Contains(" Taken up again, since the process that had it ended, by process ", log, StringComparison.Ordinal);
        Assert.Contains(": attempt 2.\n", log, StringComparison.Ordinal);
        Assert.Contains(" as was requested; no version is stored.\n", log, StringComparison.Ordinal);
        Assert.NotEmpty((await ReadCurveAsync(admin, slow.Id)).Points);
        TrainingRun small = await admin.StartRunAsync(SmallModel.Spec(), SmallModel.Data);
        TrainingRun done = await admin.WaitForRunAsync(small.Id, run => run.IsFinished);
        Assert.Equal((TrainingRunState.Succeeded, 1), (done.State, done.Version));

        // It reads the samples from the database, as on any machine.
        await TrainingDataset.CreateAsync(admin, relay.DatasetsFolder, "traffic");
        TrainingRun ofDataset = await admin.StartRunAsync(SmallModel.Spec(), new TrainingDataSource { Dataset = new DatasetRows("traffic") });
        TrainingRun trained = await admin.WaitForRunAsync(ofDataset.Id, run => run.IsFinished);
        Assert.True(trained is { State: TrainingRunState.Succeeded, Version: 2 }, $"{trained.Problem}");
        Assert.Empty(Directory.GetFiles(Path.Combine(relay.DataFolder, "samples")));

        // The rows of a process that was killed do not stay: the next one deletes them, and its own.
        Assert.Empty(Directory.GetFileSystemEntries(Assert.Single(Directory.GetDirectories(Path.Combine(other.DataFolder, "workers")))));
        Assert.Equal(0, await other.StopAsync("TERM"));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(other.DataFolder, "workers")));
    }

    private static async Task<TrainingCurve> ReadCurveAsync(HttpClient admin, long run) =>
        (await admin.GetFromJsonAsync(Routes.CurveOf(run), RelayApiJson.Default.TrainingCurve))!;
}
