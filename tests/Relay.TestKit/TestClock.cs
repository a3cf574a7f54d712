namespace Relay.TestKit;

/// <summary>A clock that stands still until a test moves it. Timers run in real time.</summary>
public sealed class TestClock : TimeProvider
{
    private DateTimeOffset _now = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
