namespace Relay.Server.Fleet.Adoption;

/// <summary>How long the history of nodes by release is kept, and how finely: of each channel, at most some 1,700 rows.</summary>
internal static class AdoptionRetention
{
    /// <summary>The time between two looks at the counts.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <summary>Up to which age one row is left of each part of the time. Of what is older than all, the last row stays if it counts a node: its
    /// counts hold until the next.</summary>
    public static readonly IReadOnlyList<(TimeSpan Age, TimeSpan Part)> Tiers =
    [
        (TimeSpan.FromDays(1), Interval), (TimeSpan.FromDays(30), TimeSpan.FromHours(1)), (TimeSpan.FromDays(730), TimeSpan.FromDays(1)),
    ];
}
