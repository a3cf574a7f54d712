using Relay.Server.Cli;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Cli;

public sealed class TrainStartTests
{
    private static readonly TrainingRun Run = new()
    {
        Id = 7,
        Model = "fraud",
        State = TrainingRunState.Queued,
        Stage = null,
        Done = 0,
        Total = null,
        Version = null,
        Problem = null,
        Data = new TrainingDataSource(),
        CreatedAt = default,
        StartedAt = null,
        FinishedAt = null,
    };

    /// <summary>The relay may have begun a run whose number the command does not know yet.</summary>
    [Fact]
    public async Task Start_CancelledBeforeItsAnswer_StillGivesTheRunThatIsThenCancelled()
    {
        using CancellationTokenSource ctrlC = new();

        TrainingRun started = await TrainCommand.StartAsync(
            async token =>
            {
                await ctrlC.CancelAsync();
                await Task.Delay(20, token);
                return Run;
            },
            ctrlC.Token);

        Assert.Same(Run, started);
    }

    [Fact]
    public async Task Start_CancelledBefore_StartsNothing()
    {
        bool isStarted = false;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TrainCommand.StartAsync(
            _ =>
            {
                isStarted = true;
                return Task.FromResult(Run);
            },
            new CancellationToken(canceled: true)));

        Assert.False(isStarted);
    }
}
