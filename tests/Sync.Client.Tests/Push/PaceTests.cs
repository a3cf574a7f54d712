using Sync.Client.Push;

namespace Sync.Client.Tests.Push;

public sealed class PaceTests
{
    [Theory]
    [InlineData(30, 60, 60)]
    [InlineData(30, 1, 30)]
    [InlineData(30, 0, 30)]
    [InlineData(30, int.MaxValue, 300)]
    [InlineData(0.2, 60, 2)]
    [InlineData(3600, 60, 3600)]
    [InlineData(3600, 7200, 3600)]
    [Trait("Attack", "endless-pause")]
    public void Slow_PaceThatTheRelayAskedFor_SlowsPollsWithinBoundsAndNeverSpeedsThemUp(double own, int asked, double expected) =>
        Assert.Equal(expected, PollPace.Slow(TimeSpan.FromSeconds(own), TimeSpan.FromSeconds(asked)).TotalSeconds);

    [Fact]
    [Trait("Attack", "event-flood")]
    public void EarliestAt_MoreHintsThanTheBurst_ComeOnePeriodApart()
    {
        HintLimiter limiter = new();
        TimeSpan now = TimeSpan.FromHours(1);
        int started = 0;
        for (TimeSpan end = now + TimeSpan.FromMinutes(10); now < end; now += TimeSpan.FromSeconds(1))
        {
            while (limiter.EarliestAt(now) <= now)
            {
                limiter.Take(now);
                started++;
            }
        }

        Assert.Equal(HintLimiter.Burst + (int)(TimeSpan.FromMinutes(10) / HintLimiter.Period) - 1, started);
    }

    [Fact]
    public void AfterEnd_FailuresInARow_DoubleTheWindowUpToItsBound()
    {
        ReconnectDelay delay = new();
        List<double> windows = [];
        for (int i = 0; i < 12; i++)
        {
            TimeSpan wait = delay.AfterEnd(TimeSpan.Zero, asked: null);
            Assert.InRange(wait, TimeSpan.Zero, delay.Window);
            windows.Add(delay.Window.TotalSeconds);
        }

        Assert.Equal([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300], windows);
        delay.AfterEnd(TimeSpan.FromMinutes(1), asked: null);
        Assert.Equal(1, delay.Window.TotalSeconds);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5000, 5)]
    [InlineData(int.MaxValue, 60)]
    [Trait("Attack", "endless-pause")]
    public void AfterEnd_WaitThatTheRelayStated_IsTakenWithinBounds(int milliseconds, int seconds)
    {
        ReconnectDelay delay = new();

        delay.AfterEnd(TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(seconds, delay.Window.TotalSeconds);
    }

    [Fact]
    public void AfterEnd_FleetThatLostItsRelay_IsSpreadOverTheWindow()
    {
        TimeSpan window = TimeSpan.FromSeconds(10);
        int[] perSecond = new int[10];
        for (int node = 0; node < 1000; node++)
        {
            perSecond[(int)new ReconnectDelay().AfterEnd(TimeSpan.FromHours(1), window).TotalSeconds]++;
        }

        Assert.All(perSecond, count => Assert.InRange(count, 50, 150));
    }
}
