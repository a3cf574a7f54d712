namespace Relay.TestKit;

/// <summary>A clock that a test moves. Its timers run in real time, unlike those of <c>FakeTimeProvider</c>: the host's and the
/// client's own time limits keep working, and nothing is renewed while a test reads the state.</summary>
public sealed class TestClock : TimeProvider
{
    private readonly DateTimeOffset? _start;
    private TimeSpan _shift;
    private TimeSpan _passed;

    /// <summary>A clock that stands still.</summary>
    /// <param name="now">Default: noon of 15 January 2030.</param>
    public TestClock(DateTimeOffset? now = null) => _start = now ?? new DateTimeOffset(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private TestClock(TimeSpan shift) => _shift = shift;

    /// <summary>A clock that starts at the system's time and runs on between the moves: for hosts that check certificates.</summary>
    public static TestClock Running() => new(TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => (_start ?? System.GetUtcNow()) + _shift;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(_passed.TotalSeconds * TimestampFrequency);

    /// <summary>Sets the clock ahead or back, and no time passes.</summary>
    public void Set(TimeSpan by) => _shift += by;

    /// <summary>Lets time pass. A negative time sets the clock back, and no time passes.</summary>
    public void Advance(TimeSpan by)
    {
        Set(by);
        _passed += by > TimeSpan.Zero ? by : TimeSpan.Zero;
    }
}
