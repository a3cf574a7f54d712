using Relay.Server.Workers;

namespace Relay.Server.Tests.Workers;

public sealed class RelayWorkerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_WorkerThatFailsByIt_HasNotFailed()
    {
        using FailingWorker worker = new(isFailingAtOnce: false);
        await worker.StartAsync(Cancel);
        await worker.Runs;

        await worker.StopAsync(Cancel);

        Assert.True(worker.ExecuteTask!.IsCanceled);
    }

    [Fact]
    public async Task Run_WorkerThatFailsBeforeTheStop_HasFailed()
    {
        using FailingWorker worker = new(isFailingAtOnce: true);
        await worker.StartAsync(Cancel);

        await Assert.ThrowsAsync<InvalidOperationException>(() => worker.ExecuteTask!);
        await worker.StopAsync(Cancel);

        Assert.True(worker.ExecuteTask!.IsFaulted);
    }

    private sealed class FailingWorker(bool isFailingAtOnce) : RelayWorker
    {
        private readonly TaskCompletionSource _runs = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Runs => _runs.Task;

        protected override async Task RunAsync(CancellationToken stoppingToken)
        {
            _runs.SetResult();
            if (!isFailingAtOnce)
            {
                await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            throw new InvalidOperationException("a write that is refused");
        }
    }
}
