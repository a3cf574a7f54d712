using Relay.Server.Storage;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>How long the metadata of each role is valid, and when it is renewed.</summary>
internal static class ExpirySchedule
{
    /// <summary>The expiry to write into metadata, in whole seconds as its format requires.</summary>
    public static DateTimeOffset Expiry(string role, DateTimeOffset now)
    {
        DateTimeOffset exact = now + Lifetime(role);
        return new(exact.Ticks - (exact.Ticks % TimeSpan.TicksPerSecond), exact.Offset);
    }

    /// <summary>When metadata was signed that expires at this time.</summary>
    public static DateTimeOffset SignedAt(string role, DateTimeOffset expires) => expires - Lifetime(role);

    /// <summary>When to sign again.</summary>
    public static DateTimeOffset Due(string role, DateTimeOffset expires) => expires - Lifetime(role) + RenewAfter(role);

    /// <summary>How long before their expiry targets are staged for people to sign, so that there is time to gather them.</summary>
    public static readonly TimeSpan OfflineNotice = TimeSpan.FromDays(30);

    private static TimeSpan Lifetime(string role) => role switch
    {
        RoleNames.Root => TimeSpan.FromDays(365),
        RoleNames.Targets => TimeSpan.FromDays(90),
        RoleNames.Channels or RoleNames.Snapshot => TimeSpan.FromDays(7),
        RoleNames.Timestamp => SigningClock.TimestampLife,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "not a role of ours"),
    };

    private static TimeSpan RenewAfter(string role) => role == RoleNames.Timestamp ? TimeSpan.FromHours(1) : Lifetime(role) / 2;
}
