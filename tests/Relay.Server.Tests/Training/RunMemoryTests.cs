using Relay.Server.Training;
using Relay.TestKit;

namespace Relay.Server.Tests.Training;

public sealed class RunMemoryTests
{
    private static readonly ClaimedRun Run = new(1, SmallModel.Spec(), SmallModel.Data);

    private readonly ManualTime _time = new();
    private readonly RunMemory _memory;
    private int _released;

    public RunMemoryTests() => _memory = new RunMemory(_time, () => _released++);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_SeveralRunsInARowAndThenNone_ReleasesOnce()
    {
        for (int run = 0; run < 3; run++)
        {
            await _memory.WaitAsync(Task.FromResult(Run), Cancel);
            _memory.Hold();
        }

        TaskCompletionSource<ClaimedRun> next = new();
        Task<ClaimedRun> waiting = _memory.WaitAsync(next.Task, Cancel);
        _time.Advance(RunMemory.IdleTime - TimeSpan.FromTicks(1));
        Assert.Equal(0, _released);
        _time.Advance(TimeSpan.FromTicks(1));
        await Eventually.TrueAsync(() => _released == 1, "the memory is released", cancellationToken: Cancel);
        _time.Advance(10 * RunMemory.IdleTime);
        next.SetResult(Run);

        Assert.Same(Run, await waiting);
        Assert.Equal(1, _released);
    }

    [Fact]
    public async Task Wait_NextRunComesInTime_KeepsTheMemoryForIt()
    {
        _memory.Hold();
        TaskCompletionSource<ClaimedRun> next = new();
        Task<ClaimedRun> waiting = _memory.WaitAsync(next.Task, Cancel);
        _time.Advance(RunMemory.IdleTime / 2);
        next.SetResult(Run);
        await waiting;
        _time.Advance(RunMemory.IdleTime);

        Assert.Equal(0, _released);
    }

    [Fact]
    public async Task Wait_NoRunHasEnded_ReleasesNothing()
    {
        TaskCompletionSource<ClaimedRun> next = new();
        Task<ClaimedRun> waiting = _memory.WaitAsync(next.Task, Cancel);
        _time.Advance(10 * RunMemory.IdleTime);
        next.SetResult(Run);
        await waiting;

        Assert.Equal(0, _released);
    }

    [Fact]
    public async Task Wait_TheRelayStops_ReleasesNothing()
    {
        using CancellationTokenSource stop = new();
        _memory.Hold();
        TaskCompletionSource<ClaimedRun> next = new();
        Task<ClaimedRun> waiting = _memory.WaitAsync(next.Task, stop.Token);
        await stop.CancelAsync();
        next.SetCanceled(stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, _released);
    }
}
