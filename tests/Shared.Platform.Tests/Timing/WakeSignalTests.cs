using Relay.TestKit;
using Shared.Platform.Timing;

namespace Shared.Platform.Tests.Timing;

public sealed class WakeSignalTests
{
    private readonly ManualTime _time = new();
    private readonly WakeSignal _signal = new();

    [Fact]
    public async Task Wait_SignalBefore_EndsAtOnceAndOnce()
    {
        _signal.Set();
        _signal.Set();

        await Wait();
        Task second = Wait();

        Assert.False(second.IsCompleted);
        _signal.Set();
        await second;
    }

    [Fact]
    public async Task Wait_NoSignal_EndsAfterThePause()
    {
        Task wait = Wait();
        Assert.False(wait.IsCompleted);

        _time.Advance(TimeSpan.FromMinutes(1));

        await wait;
    }

    [Fact]
    public async Task Wait_Canceled_Throws() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        () => _signal.WaitAsync(TimeSpan.FromMinutes(1), _time, new CancellationToken(canceled: true)));

    private Task Wait() => _signal.WaitAsync(TimeSpan.FromMinutes(1), _time, CancellationToken.None);
}
