using System.Net;
using System.Text.Json;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Relay.TestKit.Faults;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Hosting;

/// <summary>A relay on a real file system without space: it goes on, says so, and mends by itself.</summary>
[Trait("Attack", "disk-full")]
public sealed class FullDiskTests
{
    [Fact]
    public async Task Run_DiskFullBeforeItsEnd_FailsWithTheCauseAndTheRelayGoesOn()
    {
        using SmallDisk? disk = SmallDisk.TryMount();
        if (disk is null)
        {
            Assert.Skip("needs the right to mount a tmpfs");
        }

        await using TestRelay relay = await TestRelay.StartAsync(options =>
        {
            Directory.CreateSymbolicLink(options.DataFolder, disk.FullPath);
            return options with { Server = null };
        });
        TrainingRun run = await FillDuringARunAsync(relay, disk, trees: 12);
        using HttpResponseMessage notReady = await relay.Anonymous.GetAsync("/health/ready");
        using HttpResponseMessage live = await relay.Anonymous.GetAsync("/health/live");
        using HttpResponseMessage report = await relay.Anonymous.PostAsync(
            "/v1/nodes/n/check-ins", HttpResponses.Json(JsonSerializer.Serialize(Reports.Valid("n"), RelayApiJson.Default.CheckIn)));
        disk.Empty();

        run = await relay.WaitForRunAsync(run.Id, now => now.IsFinished);
        ModelVersion next = await relay.TrainSmallAsync();
        await Eventually.TrueAsync(
            async () => (await relay.Anonymous.GetAsync("/health/ready")).IsSuccessStatusCode, "the relay is ready again");

        Assert.Equal("not-ready", await notReady.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));
        Assert.Contains("full", await notReady.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal("database-unavailable", await report.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));
        Assert.Equal((TrainingRunState.Failed, "Storage"), (run.State, run.Problem!.Fault));
        Assert.Equal(1, next.Version);
    }

    /// <summary>Fills the disk while a run trains, so that its end cannot be stored. A run that was faster is followed by a longer one.</summary>
    private static async Task<TrainingRun> FillDuringARunAsync(TestRelay relay, SmallDisk disk, int trees)
    {
        ModelSpec spec = SmallModel.SlowSpec() with { Parameters = new ModelParameters { Trees = trees, Depth = 5, Seed = 7 } };
        TrainingRun run = await relay.StartTrainingAsync(spec, SmallModel.LargeData);
        await relay.WaitForRunAsync(run.Id, now => now.Stage == "fit" || now.IsFinished);
        disk.Fill();
        run = await relay.WaitForRunAsync(run.Id, now => now.Stage == "store" || now.IsFinished);
        if (!run.IsFinished)
        {
            return run;
        }

        disk.Empty();
        return await FillDuringARunAsync(relay, disk, 4 * trees);
    }
}
