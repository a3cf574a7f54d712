using Relay.TestKit;
using Sync.Client.Identity;

namespace Sync.Client.Tests.Identity;

public sealed class SignatureClockTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public void Now_RelayTimeIsKnown_GoesByItAndByWhatElapses()
    {
        SignatureClock clock = new(_clock);
        DateTimeOffset relay = _clock.GetUtcNow().AddHours(-3);

        Assert.True(clock.TrySet(relay));
        _clock.Advance(TimeSpan.FromMinutes(10));

        Assert.InRange(clock.Now, relay.AddMinutes(10), relay.AddMinutes(11));
    }

    [Fact]
    public void Now_ClockIsSetAfterTheRelaySaidItsTime_StaysThatOfTheRelay()
    {
        SignatureClock clock = new(_clock);
        DateTimeOffset relay = _clock.GetUtcNow();
        clock.TrySet(relay);

        _clock.Advance(TimeSpan.FromDays(-365));

        Assert.InRange(clock.Now, relay, relay.AddMinutes(1));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("1999-12-31T23:59:59Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void TrySet_TimeThatNoRelayHas_IsIgnored(string? time)
    {
        SignatureClock clock = new(_clock);

        Assert.False(clock.TrySet(time is null ? null : DateTimeOffset.Parse(time, null)));
        Assert.Equal(_clock.GetUtcNow(), clock.Now);
    }
}
