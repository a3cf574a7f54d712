using System.Text.Json.Serialization;

namespace Shared.Contracts.Reports;

/// <summary>What a node did in a span of time: sums, so that windows of many nodes add up in any order. A relay takes each window of a node
/// once.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record UsageWindow
{
    /// <summary>The start of the window by the node's clock, in milliseconds since 1970 in UTC. It grows from window to window of a node: a
    /// relay counts none that is not above the last one.</summary>
    public required long Id { get; init; }

    /// <summary>The length in seconds of elapsed time, whatever the clock did.</summary>
    public required int Seconds { get; init; }

    /// <summary>The refusals that began, by the name of their <see cref="RefusalReason"/>; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, long>? Refusals { get; init; }

    /// <summary>Artifacts that failed their try-out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Quarantined { get; init; }

    /// <summary>The versions that were called.</summary>
    public required IReadOnlyList<VersionUsage> Versions { get; init; }

    /// <summary>Versions that were called and are left out, to stay within the bytes of a report: those with the fewest calls.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Omitted { get; init; }
}

/// <summary>The use of one model version as part of one release.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record VersionUsage
{
    /// <summary>The release that was active, from 1.</summary>
    public required int Release { get; init; }

    public required string Model { get; init; }

    public required int Version { get; init; }

    /// <summary>All calls, with an answer or without.</summary>
    public required long Calls { get; init; }

    /// <summary>Rows that were answered: more than calls where calls have many rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Calls that the version failed to answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Failures { get; init; }

    /// <summary>Calls that got no answer because of the call, such as a row of the wrong width.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long CallerFaults { get; init; }

    /// <summary>The duration of calls in the buckets of <see cref="LatencyHistogram"/>: one call in 64 of each thread is timed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BinCounts? Latency { get; init; }

    /// <summary>Answers by label, in the order of the schema's classes; the last of <see cref="UsageBounds.Labels"/> has all further ones. Null for
    /// tasks without labels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BinCounts? Labels { get; init; }

    /// <summary>Answers by score, in the bins of <see cref="ScoreBins"/>; null for tasks without a score.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BinCounts? Scores { get; init; }
}
