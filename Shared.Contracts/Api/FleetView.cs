using System.Text.Json.Serialization;

namespace Shared.Contracts.Api;

/// <summary>Answer of <see cref="Routes.Fleet"/>: what runs where and how it does, from counts that the relay keeps. It has at most
/// <see cref="MaximumBytes"/>, however many nodes there are: of each list, the largest items.</summary>
public sealed record FleetView
{
    /// <summary>Maximum bytes of the JSON text.</summary>
    public const int MaximumBytes = 32 * 1024;

    /// <summary>When the relay read the counts, by its clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The hours that <see cref="Refusals"/>, <see cref="Quarantines"/> and <see cref="Usage"/> are about, the current one
    /// included.</summary>
    public required int Hours { get; init; }

    /// <summary>Nodes that have reported and are not forgotten; nodes, stale and quarantined are of their latest reports.</summary>
    public required long Nodes { get; init; }

    /// <summary>Nodes whose metadata has expired.</summary>
    public required long Stale { get; init; }

    /// <summary>Nodes with a quarantined artifact.</summary>
    public required long Quarantined { get; init; }

    /// <summary>Minutes after which a node counts as silent.</summary>
    public const int SilentMinutes = 60;

    /// <summary>Nodes that have not reported for <see cref="SilentMinutes"/>, to 5 minutes, without banned ones. Null from a relay of an
    /// earlier version. A node reports every 5 minutes at least.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Silent { get; init; }

    /// <summary>Nodes of channels that this relay does not have. Null from a relay of an earlier version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Elsewhere { get; init; }

    /// <summary>Nodes by how well the relay knows them.</summary>
    public required IReadOnlyDictionary<string, long> Standings { get; init; }

    /// <summary>The channels and what they run.</summary>
    public required IReadOnlyList<FleetChannel> Channels { get; init; }

    /// <summary>Nodes by channel and active release.</summary>
    public required IReadOnlyList<FleetRelease> Releases { get; init; }

    /// <summary>Nodes by active version.</summary>
    public required IReadOnlyList<FleetVersion> Versions { get; init; }

    /// <summary>Refusals that began, by reason.</summary>
    public required IReadOnlyList<FleetRefusals> Refusals { get; init; }

    /// <summary>Artifacts that failed their try-out, once for each node.</summary>
    public required long Quarantines { get; init; }

    /// <summary>What nodes did, by version, release and cohort.</summary>
    public required IReadOnlyList<FleetUsage> Usage { get; init; }

    /// <summary>Items of the lists that are left out: those with the fewest nodes or calls.</summary>
    public required int Omitted { get; init; }
}

/// <summary>A channel.</summary>
/// <param name="Candidate">The release that a part of the nodes runs instead; null without one.</param>
/// <param name="Percentage">That part; null without a candidate.</param>
public sealed record FleetChannel(string Channel, int Release, int? Candidate, double? Percentage)
{
    /// <summary>The nodes that follow it, also those of releases that <see cref="FleetView.Releases"/> leaves out. Null from a relay of an
    /// earlier version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Nodes { get; init; }
}

/// <summary>The nodes of a channel that run a release.</summary>
/// <param name="Channel">Null for channels that this relay does not have.</param>
/// <param name="Release">0 before the first; null for releases that this relay does not have.</param>
public sealed record FleetRelease(string? Channel, int? Release, long Nodes, long Stale, long Quarantined);

/// <summary>The nodes that run a version.</summary>
public sealed record FleetVersion(string Model, int Version, long Nodes);

/// <summary>The refusals of one reason.</summary>
/// <param name="Reason">A name of <see cref="RefusalReason"/>, or <c>other</c>.</param>
public sealed record FleetRefusals(string Reason, long Count);

/// <summary>The use of a version, as part of one release, by the nodes of one cohort.</summary>
public sealed record FleetUsage
{
    public required string Model { get; init; }

    public required int Version { get; init; }

    public required int Release { get; init; }

    /// <summary><c>candidate</c> and <c>control</c> during a rollout, <c>none</c> otherwise, and <c>unsigned</c> for reports that no key
    /// vouches for.</summary>
    public required string Cohort { get; init; }

    /// <summary>Usage windows.</summary>
    public required long Windows { get; init; }

    public required long Calls { get; init; }

    public required long Rows { get; init; }

    /// <summary>Calls that the version failed to answer.</summary>
    public required long Failures { get; init; }

    /// <summary>Calls that got no answer because of the call.</summary>
    public required long CallerFaults { get; init; }

    /// <summary>Null where no call was timed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FleetLatency? Latency { get; init; }

    /// <summary>Rows by label, the most frequent ones.</summary>
    public required IReadOnlyList<FleetLabel> Labels { get; init; }

    /// <summary>Rows by bin of the score, as in <see cref="Reports.ScoreBins"/>; empty for tasks without a score.</summary>
    public required IReadOnlyList<long> Scores { get; init; }
}

/// <summary>Durations of calls in microseconds that half, 90 % and 99 % of the timed calls do not exceed.</summary>
/// <param name="Timed">The number of timed calls.</param>
public sealed record FleetLatency(long Timed, double P50, double P90, double P99);

/// <summary>The rows that got a label.</summary>
public sealed record FleetLabel(string Label, long Rows);
