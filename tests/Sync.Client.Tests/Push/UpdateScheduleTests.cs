using Relay.TestKit;
using Sync.Client.Push;

namespace Sync.Client.Tests.Push;

public sealed class UpdateScheduleTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly UpdateSchedule _schedule;

    public UpdateScheduleTests() => _schedule = new UpdateSchedule(() => Interval, _time);

    [Fact]
    public async Task WaitAsync_WithoutAStream_IsOnePollInterval() => Assert.InRange(await MeasureAsync(), 24, 36);

    [Fact]
    public async Task WaitAsync_StreamLivesAndTheNodeIsUpToDate_IsTheRelaysPace()
    {
        _schedule.SlowDown(TimeSpan.FromSeconds(60));

        Assert.InRange(await MeasureAsync(), 48, 72);
    }

    [Fact]
    public async Task WaitAsync_StreamLivesAndTheUpdateWasRefused_IsOnePollInterval()
    {
        _schedule.SlowDown(TimeSpan.FromSeconds(60));

        Assert.InRange(await MeasureAsync(isThrough: false), 24, 36);
    }

    [Fact]
    public async Task WaitAsync_HintedVersionDidNotCome_IsOnePollInterval()
    {
        // As with a mirror that lags behind its relay.
        _schedule.SlowDown(TimeSpan.FromSeconds(60));
        _schedule.Hint(9, TimeSpan.Zero);
        await _schedule.WaitAsync(CancellationToken.None);

        Assert.InRange(await MeasureAsync(held: 8), 24, 36);
    }

    [Fact]
    public async Task Hint_NewVersion_EndsTheWaitWithinTheSpread()
    {
        Task waiting = Begin();

        await ChangeAsync(waiting, () => _schedule.Hint(9, TimeSpan.FromSeconds(5)));

        Assert.InRange(await SecondsUntilAsync(waiting), 0, 5);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(7)]
    [InlineData(-1)]
    public void Hint_VersionThatTheNodeHas_ChangesNothing(long version)
    {
        Task waiting = Begin();

        _schedule.Hint(version, TimeSpan.Zero);
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task Hint_DuringAnUpdateThatBringsTheVersion_StartsNoOther()
    {
        _schedule.Hint(9, TimeSpan.Zero);

        Assert.InRange(await MeasureAsync(held: 9), 24, 36);
    }

    [Fact]
    public async Task Hint_DuringAnUpdateThatMissesTheVersion_StartsAnother()
    {
        _schedule.Hint(9, TimeSpan.Zero);

        Assert.InRange(await MeasureAsync(held: 8), 0, 1);
    }

    [Fact]
    [Trait("Attack", "event-flood")]
    public async Task Hint_EverHigherVersionsForAnHour_StartTenUpdatesAMinute()
    {
        int updates = 0;
        _schedule.UpdateEnded(8, isThrough: true, TimeSpan.Zero);
        Task waiting = _schedule.WaitAsync(CancellationToken.None);
        for (int second = 0; second < 600; second++)
        {
            await ChangeAsync(waiting, () => _schedule.Hint(1000 + second, TimeSpan.Zero));
            _time.Advance(TimeSpan.FromSeconds(1));
            await SettleAsync(waiting);
            if (waiting.IsCompleted)
            {
                updates++;
                _schedule.UpdateEnded(8, isThrough: true, TimeSpan.Zero);
                waiting = _schedule.WaitAsync(CancellationToken.None);
            }
        }

        Assert.InRange(updates, 60, 100 + HintLimiter.Burst);
    }

    [Fact]
    [Trait("Attack", "event-flood")]
    public async Task Hint_SpreadOfAYear_EndsTheWaitAtTheNextPoll()
    {
        Task waiting = Begin();

        await ChangeAsync(waiting, () => _schedule.Hint(9, TimeSpan.FromDays(365)));

        Assert.InRange(await SecondsUntilAsync(waiting), 0, 36);
    }

    [Fact]
    public async Task StreamEnded_InALongWait_ThePollComesWithinOneIntervalAtARandomTime()
    {
        _schedule.SlowDown(TimeSpan.FromSeconds(300));
        Task waiting = Begin();

        await ChangeAsync(waiting, () => _schedule.StreamEnded());

        Assert.InRange(await SecondsUntilAsync(waiting), 0, 30);
    }

    [Fact]
    public async Task UpdateEnded_PaceOfThePolls_HoldsWithoutAStreamToo() =>
        Assert.InRange(await MeasureAsync(asked: TimeSpan.FromSeconds(120)), 96, 144);

    private Task Begin()
    {
        _schedule.UpdateEnded(8, isThrough: true, TimeSpan.Zero);
        return _schedule.WaitAsync(CancellationToken.None);
    }

    private Task<double> MeasureAsync(long held = 8, bool isThrough = true, TimeSpan asked = default)
    {
        _schedule.UpdateEnded(held, isThrough, asked);
        return SecondsUntilAsync(_schedule.WaitAsync(CancellationToken.None));
    }

    private async Task<double> SecondsUntilAsync(Task waiting)
    {
        long start = _time.GetTimestamp();
        await SettleAsync(waiting);
        while (!waiting.IsCompleted)
        {
            Assert.True(_time.GetElapsedTime(start) < TimeSpan.FromHours(1), "the wait does not end");
            _time.Advance(TimeSpan.FromSeconds(1));
            await SettleAsync(waiting);
        }

        return _time.GetElapsedTime(start).TotalSeconds;
    }

    // The wait is planned anew on another thread: until then its old timer is still there.
    private async Task ChangeAsync(Task waiting, Action change)
    {
        int made = _time.Made;
        change();
        for (int i = 0; i < 1000 && !waiting.IsCompleted && _time.Made == made; i++)
        {
            await Task.Yield();
        }

        await Eventually.TrueAsync(() => waiting.IsCompleted || _time.Made > made, "the wait is planned anew");
    }

    // The wait goes on from another thread: it is over, or has a timer of its own again.
    private async Task SettleAsync(Task waiting)
    {
        for (int i = 0; i < 20; i++)
        {
            await Task.Yield();
        }

        await Eventually.TrueAsync(() => waiting.IsCompleted || _time.Waiting == 1, "the wait is over or goes on");
    }
}
