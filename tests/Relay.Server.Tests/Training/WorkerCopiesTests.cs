using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Datasets.Selection;
using Relay.Server.Storage;
using Relay.Server.Tests.Datasets;
using Relay.Server.Training;
using Relay.TestKit;
using Relay.Training;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Tests.Training;

/// <summary>The rows of a run in another process, whose folder the relay may not see.</summary>
public sealed class WorkerCopiesTests(OwnRelay fixture) : IClassFixture<OwnRelay>, IDisposable
{
    private readonly TemporaryFolder _machine = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _machine.Dispose();

    [Fact]
    [Trait("Attack", "samples-remains")]
    public async Task Forget_WhileAProcessOnAnotherMachineHasTheRows_SaysThatACopyIsLeftUntilTheRunEnds()
    {
        await TrainingDataset.CreateAsync(fixture.Relay, "forgotten");
        await TrainingDataset.CreateAsync(fixture.Relay, "other");
        using WorkerFolder own = WorkerFolder.Create(_machine.FullPath);
        TrainingFiles files = Write(own, "forgotten");

        ForgetReport during = await ForgetAsync("forgotten", "row-1");
        ForgetReport other = await ForgetAsync("other", "row-1");
        files.Dispose();
        ForgetReport after = await ForgetAsync("forgotten", "row-1");

        Assert.Equal((false, true, true), (during.Purged, other.Purged, after.Purged));
        Assert.Empty(Directory.GetFileSystemEntries(own.FullPath));
    }

    [Fact]
    [Trait("Attack", "samples-remains")]
    public async Task Forget_ProcessWasKilledWithTheRows_SaysSoUntilAnotherOneClearsItsFolder()
    {
        await TrainingDataset.CreateAsync(fixture.Relay, "killed");
        WorkerFolder own = WorkerFolder.Create(_machine.FullPath);
        Write(own, "killed");
        WorkerCopies copies = fixture.Relay.Services.GetRequiredService<WorkerCopies>();
        copies.Clear(_machine.FullPath);
        ForgetReport alive = await ForgetAsync("killed", "row-1");

        string lockFile = own.FullPath + ".lock";
        string moved = _machine.Combine("moved.lock");
        File.Move(lockFile, moved);
        ForgetReport killed = await ForgetAsync("killed", "row-1");
        Assert.Throws<IOException>(() => WorkerFolder.Clear(_machine.FullPath, _ => throw new IOException("the database is away")));
        ForgetReport away = await ForgetAsync("killed", "row-1");
        copies.Clear(_machine.FullPath);
        ForgetReport cleared = await ForgetAsync("killed", "row-1");

        Assert.Equal((false, false, false, true), (alive.Purged, killed.Purged, away.Purged, cleared.Purged));
        Assert.False(Directory.Exists(own.FullPath));
    }

    [Fact]
    public void Write_DatasetThatWasDeleted_LeavesNoNote()
    {
        using WorkerFolder own = WorkerFolder.Create(_machine.FullPath);

        TrainingException refused = Assert.Throws<TrainingException>(() => Write(own, "never-there"));

        Assert.Equal(TrainingFault.MissingData, refused.Fault);
        Assert.Empty(fixture.Relay.Services.GetRequiredService<WorkerCopies>().Find("never-there"));
    }

    /// <summary>As in a process that trains: its folder is another one than that of the relay.</summary>
    private TrainingFiles Write(WorkerFolder own, string dataset)
    {
        DataFolder folder = new(_machine.FullPath) { Uploads = own.FullPath };
        TrainingRows rows = ActivatorUtilities.CreateInstance<TrainingRows>(fixture.Relay.Services, folder, own);
        return rows.Write(
            new DatasetRows(dataset), SmallModel.Spec(), hasTestFile: false, used: null, Path.Combine(own.FullPath, "run-1"), Cancel);
    }

    private async Task<ForgetReport> ForgetAsync(string dataset, string id)
    {
        using HttpResponseMessage answer = await fixture.Relay.Admin.PostAsJsonAsync(
            Routes.ForgetOf(dataset), new ForgetRequest([id]), RelayApiJson.Default.ForgetRequest, Cancel);
        return (await answer.Content.ReadFromJsonAsync(RelayApiJson.Default.ForgetReport, Cancel))!;
    }
}
