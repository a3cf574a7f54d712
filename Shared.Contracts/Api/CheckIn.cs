using System.Globalization;
using System.Text.Json.Serialization;
using Shared.Contracts.Reports;

namespace Shared.Contracts.Api;

/// <summary>A node's report: the models that are active, and the refusals since its last report. Members that a relay does not know are
/// ignored, so that it stores the rest.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CheckIn
{
    /// <summary>The node's own name, stable over restarts: 1 to 128 letters, digits, dots, hyphens, underscores.</summary>
    public required string Node { get; init; }

    /// <summary>The channel it follows.</summary>
    public required string Channel { get; init; }

    /// <summary>The release that is active; 0 before the first.</summary>
    public required int Release { get; init; }

    /// <summary>True when its metadata has expired: this node keeps serving the active release and accepts no new one.</summary>
    public required bool Stale { get; init; }

    /// <summary>When the node made the report, by its own clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The models of the active release.</summary>
    public required IReadOnlyList<ActiveModel> Models { get; init; }

    /// <summary>Refusals since the last report.</summary>
    public required IReadOnlyList<RefusalReport> Refusals { get; init; }

    /// <summary>Artifacts that failed their try-out.</summary>
    public required IReadOnlyList<QuarantinedArtifact> Quarantine { get; init; }

    /// <summary>What decides which release the node runs, for people; null for its channel.</summary>
    public string? Steering { get; init; }

    /// <summary>The comparison of the shadow release with the active one, current or last; null where there was none.</summary>
    public IReadOnlyList<ShadowReport>? Shadow { get; init; }

    /// <summary>The release that the node has verified and activates when its maintenance window opens; null when none waits.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WaitingRelease? Waiting { get; init; }

    /// <summary>The metadata of the node's last whole update, by which it chose its release; null from a node that had none or does not report
    /// it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HeldMetadata? Metadata { get; init; }

    /// <summary>The library that made the report, with its version: <c>Sync.Client 0.1.0</c>; null from a node that does not report it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Library { get; init; }

    /// <summary>What the node left out or cut to keep the report within <see cref="CheckInBounds"/>, a line each; null where it is whole.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Cut { get; init; }

    /// <summary>A number that grows from check-in to check-in of a node that signs, so that none counts twice: a repeated send has the same
    /// number. A node starts at its Unix time in milliseconds. 0 in a check-in that is not signed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Sequence { get; init; }

    /// <summary>What the node did since the last windows that the relay accepted, oldest first; null from a node that does not report it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<UsageWindow>? Windows { get; init; }
}

/// <summary>A model that is active on the node.</summary>
/// <param name="Predictions">Predictions by this version since it was activated.</param>
/// <param name="Failures">Calls of this version that failed since it was activated.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record ActiveModel(string Name, int Version, string Sha256, string Scorer, long Predictions, long Failures)
{
    /// <summary>Calls of this version since it was activated that got no answer because of the call: a row of the wrong width or type, a missing
    /// required value, a buffer that is too short, a call for another task.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long CallerFaults { get; init; }

    /// <summary>SHA-256 of the version's schema, as in its model card; null from a node that does not report it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SchemaHash { get; init; }

    /// <summary>A name of <see cref="Api.SchemaSource"/>; null from a node that does not compare schemas.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SchemaSource { get; init; }
}

/// <summary>A release that waits for a node's maintenance window.</summary>
/// <param name="Release">Its number.</param>
/// <param name="Until">When the window opens, by the node's clock and in the window's time zone.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record WaitingRelease(int Release, DateTimeOffset Until)
{
    /// <summary>The release and the time, for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"release {Release} waits for the maintenance window until {Until:yyyy-MM-dd HH:mm zzz}");
}

/// <summary>The TUF metadata that a node acts on, by their timestamp: it leads to all others.</summary>
/// <param name="Timestamp">The version of the timestamp.</param>
/// <param name="Sha256">Of its file, so that two of one version are told apart.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record HeldMetadata(long Timestamp, string Sha256);

/// <summary>A refusal of the node.</summary>
/// <param name="Reason">A name of <see cref="RefusalReason"/>, of this version or a newer one.</param>
/// <param name="Subject">The file, role or model that was refused.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record RefusalReport(string Reason, string Subject, string Detail, DateTimeOffset At);

/// <summary>An artifact with a valid signature that failed its try-out; the node does not load it again.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record QuarantinedArtifact(string Model, int Version, string Sha256, string Reason);
