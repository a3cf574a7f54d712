namespace Relay.Server.Rollouts.Planning;

/// <summary>The time of day, UTC, in which a rollout may reach more nodes. Halting never waits for it.</summary>
/// <param name="From">The first moment.</param>
/// <param name="To">The first moment after it; before <paramref name="From"/>, the window goes over midnight.</param>
internal sealed record AdvanceWindow(TimeOnly From, TimeOnly To)
{
    public string? FindError() => From == To ? "the window in which the rollout may advance is empty" : null;

    public bool IsOpen(DateTimeOffset now) => TimeOnly.FromDateTime(now.UtcDateTime).IsBetween(From, To);
}
