using Shared.Platform.Timing;

namespace Shared.Platform.Tests.Timing;

public sealed class WakeSignalTests
{
    private readonly WakeSignal _signal = new();

    [Fact]
    public async Task Wait_SignalBefore_EndsAtOnceAndOnce()
    {
        _signal.Set();
        _signal.Set();

        await Wait(Timeout.InfiniteTimeSpan);
        Task second = Wait(Timeout.InfiniteTimeSpan);

        Assert.False(second.IsCompleted);
        _signal.Set();
        await second;
    }

    [Fact]
    public Task Wait_NoSignal_EndsAfterThePause() => Wait(TimeSpan.FromMilliseconds(1));

    [Fact]
    public async Task Wait_Canceled_Throws() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        () => _signal.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, new CancellationToken(canceled: true)));

    private Task Wait(TimeSpan pause) => _signal.WaitAsync(pause, TimeProvider.System, CancellationToken.None);
}
