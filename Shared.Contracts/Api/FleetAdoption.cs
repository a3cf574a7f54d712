namespace Shared.Contracts.Api;

/// <summary>Answer of <see cref="Routes.FleetAdoption"/>: how many nodes ran which release, over time. The counts of a point hold until the next
/// one.</summary>
public sealed record FleetAdoption
{
    /// <summary>The channel whose nodes are counted; null for all nodes.</summary>
    public string? Channel { get; init; }

    /// <summary>When the time starts.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The end of the time.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Since when the relay has counts of these nodes; null where it has none.</summary>
    public DateTimeOffset? KeptSince { get; init; }

    /// <summary>The counts, the oldest first, at most <see cref="MaximumPoints"/>; where there are more, the last of each equal part of the time.
    /// The first is at <see cref="From"/> when the relay has counts of before.</summary>
    public required IReadOnlyList<FleetAdoptionPoint> Points { get; init; }

    /// <summary>The most points of an answer.</summary>
    public const int MaximumPoints = 300;
}

/// <summary>The nodes by release at a time.</summary>
/// <param name="Releases">The releases with the most nodes, by number.</param>
public sealed record FleetAdoptionPoint(DateTimeOffset At, IReadOnlyList<FleetAdoptionRelease> Releases);

/// <summary>The nodes that ran a release.</summary>
/// <param name="Release">0 before the first; null for releases that the relay did not have, and for those with the fewest nodes.</param>
public sealed record FleetAdoptionRelease(int? Release, long Nodes);
