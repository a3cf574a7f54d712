using Shared.Contracts.Tuf;

namespace Relay.Server.Monitoring;

internal enum ExpiryState
{
    Fine,

    /// <summary>It still holds, and what should have renewed it did not, or a person has to.</summary>
    Due,
    Expired,
}

/// <summary>Something that holds until a time: a role's metadata or a certificate.</summary>
internal sealed record ExpiringItem(string Subject, DateTimeOffset Expires);

/// <summary>An item whose state is another one than before.</summary>
internal sealed record ExpiryChange(ExpiringItem Item, ExpiryState State);

/// <summary>When an operator must hear of an expiry. Pure.</summary>
internal static class ExpiryAlerts
{
    public const string CmsSigner = "cms-signer";

    /// <summary>The first of the roots that nodes pin for signers.</summary>
    public const string CmsRoot = "cms-root";

    /// <summary>The first certificate of a signer of what channels run.</summary>
    public const string ReleasedSigners = "released-signers";
    public const string Tls = "tls";

    public static ExpiryState StateOf(ExpiringItem item, DateTimeOffset now) =>
        item.Expires <= now ? ExpiryState.Expired
        : item.Expires - now <= Notice(item.Subject) ? ExpiryState.Due
        : ExpiryState.Fine;

    /// <summary>What crossed a threshold, in either direction. An item that is new counts as having been fine.</summary>
    public static IReadOnlyList<ExpiryChange> Changes(
        IReadOnlyDictionary<string, ExpiryState> before, IEnumerable<ExpiringItem> items, DateTimeOffset now) =>
    [
        .. items
            .Select(item => new ExpiryChange(item, StateOf(item, now)))
            .Where(change => change.State != before.GetValueOrDefault(change.Item.Subject, ExpiryState.Fine)),
    ];

    /// <summary>
    /// Time to gather people with offline keys, or to have a certificate issued. Online roles renew themselves well before: channels and
    /// snapshot with 3.5 days left, the timestamp with 23 hours. Less than here means that renewal fails.
    /// </summary>
    private static TimeSpan Notice(string subject) => subject switch
    {
        RoleNames.Root => TimeSpan.FromDays(30),
        RoleNames.Targets or Tls => TimeSpan.FromDays(14),
        RoleNames.Channels or RoleNames.Snapshot => TimeSpan.FromDays(3),
        RoleNames.Timestamp => TimeSpan.FromHours(20),
        CmsRoot => TimeSpan.FromDays(180),
        CmsSigner or ReleasedSigners => TimeSpan.FromDays(60),
        _ => throw new ArgumentOutOfRangeException(nameof(subject), subject, "not something that expires here"),
    };
}
