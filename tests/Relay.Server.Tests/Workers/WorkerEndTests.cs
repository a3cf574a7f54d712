using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Relay.TestKit;

namespace Relay.Server.Tests.Workers;

public sealed class WorkerEndTests
{
    [Fact]
    public async Task Dispose_HostThatDoesNotWaitForItsWorkers_DisposesNothingThatTheyUseBefore()
    {
        SlowWorker? worker = null;
        TestRelay relay = await TestRelay.StartAsync(options => options with
        {
            MoreServices = services => services
                .AddSingleton<UsedByTheWorker>()
                .AddSingleton<IHostedService>(provider => worker = new SlowWorker(provider.GetRequiredService<UsedByTheWorker>())),
        });

        await relay.DisposeAsync();

        Assert.False(await worker!.HasSeenDisposal);
    }

    private sealed class UsedByTheWorker : IDisposable
    {
        public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose() => Disposed.TrySetResult();
    }

    /// <summary>Goes on for a moment after it was told to stop, as one does that reads at that moment.</summary>
    private sealed class SlowWorker(UsedByTheWorker used) : BackgroundService
    {
        private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);
        private readonly TaskCompletionSource<bool> _hasSeenDisposal = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<bool> HasSeenDisposal => _hasSeenDisposal.Task;

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Task moment = Task.Delay(Moment, CancellationToken.None);
            _hasSeenDisposal.SetResult(await Task.WhenAny(moment, used.Disposed.Task) != moment);
        }
    }
}
