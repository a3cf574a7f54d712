using Shared.Contracts.Tuf;

namespace Relay.Server.Monitoring;

internal enum ExpiryState
{
    Fine,

    /// <summary>It is still valid, and its renewal is overdue or needs an operator.</summary>
    Due,
    Expired,
}

/// <summary>A role's metadata or a certificate, with its expiry.</summary>
internal sealed record ExpiringItem(string Subject, DateTimeOffset Expires);

/// <summary>An item whose state has changed, with the new state.</summary>
internal sealed record ExpiryChange(ExpiringItem Item, ExpiryState State);

/// <summary>The thresholds at which an expiry becomes an alert. Pure.</summary>
internal static class ExpiryAlerts
{
    public const string CmsSigner = "cms-signer";

    /// <summary>The CMS root, among those that nodes pin, that expires first.</summary>
    public const string CmsRoot = "cms-root";

    /// <summary>The signer certificate, among those of released models, that expires first.</summary>
    public const string ReleasedSigners = "released-signers";
    public const string Tls = "tls";

    public static ExpiryState GetState(ExpiringItem item, DateTimeOffset now) =>
        item.Expires <= now ? ExpiryState.Expired
        : item.Expires - now <= Notice(item.Subject) ? ExpiryState.Due
        : ExpiryState.Fine;

    /// <summary>The items that crossed a threshold in either direction. A new item counts as having been fine.</summary>
    public static IReadOnlyList<ExpiryChange> FindChanges(
        IReadOnlyDictionary<string, ExpiryState> before, IEnumerable<ExpiringItem> items, DateTimeOffset now) =>
    [
        .. items
            .Select(item => new ExpiryChange(item, GetState(item, now)))
            .Where(change => change.State != before.GetValueOrDefault(change.Item.Subject, ExpiryState.Fine)),
    ];

    /// <summary>
    /// The time that key holders need to sign, or an authority to issue a certificate. The relay renews online roles long before: channels
    /// and snapshot with 3.5 days left, the timestamp with 23 hours. Less time left than here means that the renewal fails.
    /// </summary>
    private static TimeSpan Notice(string subject) => subject switch
    {
        RoleNames.Root => TimeSpan.FromDays(30),
        RoleNames.Targets or Tls => TimeSpan.FromDays(14),
        RoleNames.Channels or RoleNames.Snapshot => TimeSpan.FromDays(3),
        RoleNames.Timestamp => TimeSpan.FromHours(20),
        CmsRoot => TimeSpan.FromDays(180),
        CmsSigner or ReleasedSigners => TimeSpan.FromDays(60),
        _ => throw new ArgumentOutOfRangeException(nameof(subject), subject, "not an expiring subject"),
    };
}
