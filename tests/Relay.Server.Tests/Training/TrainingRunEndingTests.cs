using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Storage;
using Relay.Server.Training;
using Relay.Server.Training.Records;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Training;

public sealed class TrainingRunEndingTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    private const int Cancelled = 1202;
    private const int TakenOver = 1215;

    private readonly TestLogger<TrainingRunEnding> _log = new();

    [Fact]
    public async Task CancelAsync_RunThatAnotherProcessHas_SaysSoAndIsNoCancellation()
    {
        Assert.False(await CancelAsync(run: 1_000_000));

        Assert.Equal([TakenOver], _log.Entries.Select(entry => entry.EventId));
    }

    [Fact]
    public async Task CancelAsync_RunWhoseCancellationWasRequested_IsOne()
    {
        ModelVersion version = await own.Relay.TrainSmallAsync();
        using (DbConnection connection = own.Relay.OpenDatabase())
        {
            connection.Execute("UPDATE training_runs SET cancel_requested = TRUE");
        }

        Assert.Equal(1, version.Version);
        Assert.True(await CancelAsync(run: 1));

        Assert.Equal([Cancelled], _log.Entries.Select(entry => entry.EventId));
    }

    private Task<bool> CancelAsync(long run)
    {
        IServiceProvider services = own.Relay.Services;
        RunRecord record = services.GetRequiredService<RunRecords>().Open(new ClaimedRun(run, SmallModel.Spec(), SmallModel.Data));
        return new TrainingRunEnding(
            services.GetRequiredService<TrainingRunStore>(), services.GetRequiredService<StorageHealth>(), TimeProvider.System, _log)
            .CancelAsync(record, TestContext.Current.CancellationToken);
    }
}
