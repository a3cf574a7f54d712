namespace Shared.Contracts.Api;

/// <summary>A node's report of what it runs and of what it refused since its last report.</summary>
/// <param name="Node">The node's own name, stable over restarts: 1 to 128 letters, digits, dots, hyphens, underscores.</param>
/// <param name="Channel">The channel it follows.</param>
/// <param name="Release">The release that is active; 0 before the first.</param>
/// <param name="Stale">True when the metadata it holds has expired: it serves on and takes nothing new.</param>
public sealed record CheckIn(
    string Node, string Channel, int Release, bool Stale, DateTimeOffset At,
    IReadOnlyList<ActiveModel> Models, IReadOnlyList<RefusalReport> Refusals, IReadOnlyList<QuarantinedArtifact> Quarantine)
{
    /// <summary>Who decides what the node runs, for people; null for its channel.</summary>
    public string? Steering { get; init; }

    /// <summary>How the release that runs beside the active one does, or how the last one did; null where there was none.</summary>
    public IReadOnlyList<ShadowReport>? Shadow { get; init; }
}

/// <summary>A model that answers on the node.</summary>
/// <param name="Predictions">Predictions by this version since it was activated.</param>
/// <param name="Failures">Calls that this version answered with an error since it was activated.</param>
public sealed record ActiveModel(string Name, int Version, string Sha256, string Scorer, long Predictions, long Failures);

/// <summary>Something that the node did not take, and why.</summary>
/// <param name="Reason">A name of <see cref="RefusalReason"/>.</param>
/// <param name="Subject">The file, role or model that was refused.</param>
public sealed record RefusalReport(string Reason, string Subject, string Detail, DateTimeOffset At);

/// <summary>An artifact that verified but did not hold what it promised; the node will not try it again.</summary>
public sealed record QuarantinedArtifact(string Model, int Version, string Sha256, string Reason);
