using System.Net.Http.Json;
using Relay.Server.Tests.Datasets;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Replicas;

/// <summary>A process that trains with a data folder of its own, as on another machine.</summary>
public sealed class TrainingWorkerElsewhereTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Attack", "samples-remains")]
    public async Task Forget_WhileAWorkerElsewhereTrainsFromTheDataset_SaysThatACopyIsLeftUntilTheRunEnds()
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        string server = PostgresServer.Shared.CreateEmptyDatabase();
        await using RelayProcess relay = new("--database", server, "--role", "api") { IsReplica = true, IsFolderStored = true };
        await using RelayProcess worker = new("--database", server) { IsWorker = true, IsFolderStored = true, Beside = relay };
        await relay.StartAsync();
        using HttpClient admin = relay.CreateAdminClient();
        await TrainingDataset.CreateAsync(admin, relay.DatasetsFolder, "traffic");
        await worker.StartAsync();
        TrainingDataSource data = new() { Dataset = new DatasetRows("traffic") };
        ModelSpec spec = SmallModel.SlowSpec();
        TrainingRun slow = await admin.StartRunAsync(spec with { Parameters = spec.Parameters with { EarlyStoppingRounds = 10_000 } }, data);
        await admin.WaitForRunAsync(slow.Id, run => run is { State: TrainingRunState.Running, Stage: "fit" });

        ForgetReport during = await ForgetAsync(admin);
        (await admin.PostAsync($"{Routes.TrainingRuns}/{slow.Id}/cancel", null, Cancel)).EnsureSuccessStatusCode();
        await admin.WaitForRunAsync(slow.Id, run => run.State is TrainingRunState.Cancelled);
        ForgetReport after = during;
        await Eventually.TrueAsync(async () => (after = await ForgetAsync(admin)).Purged, "the copy goes with the run");
        TrainingRun run = await admin.StartRunAsync(SmallModel.Spec(), data);
        TrainingRun trained = await admin.WaitForRunAsync(run.Id, found => found.IsFinished);

        Assert.Equal((1, false), (during.Forgotten, during.Purged));
        Assert.Equal((0, true), (after.Forgotten, after.Purged));
        Assert.True(trained.State is TrainingRunState.Succeeded, $"{trained.Problem}");
        Assert.Empty(Directory.GetFiles(Path.Combine(relay.DataFolder, "samples")));
    }

    private static async Task<ForgetReport> ForgetAsync(HttpClient admin)
    {
        using HttpResponseMessage answer = await admin.PostAsJsonAsync(
            Routes.ForgetOf("traffic"), new ForgetRequest(["row-1"]), RelayApiJson.Default.ForgetRequest, Cancel);
        return (await answer.Content.ReadFromJsonAsync(RelayApiJson.Default.ForgetReport, Cancel))!;
    }
}
