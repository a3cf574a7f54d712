namespace DoomedProcess;

/// <summary>The time of the test that started this process.</summary>
internal sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
