namespace Shared.Contracts.Api;

/// <summary>A node's report: the models that are active, and the refusals since its last report.</summary>
/// <param name="Node">The node's own name, stable over restarts: 1 to 128 letters, digits, dots, hyphens, underscores.</param>
/// <param name="Channel">The channel it follows.</param>
/// <param name="Release">The release that is active; 0 before the first.</param>
/// <param name="Stale">True when its metadata has expired: this node keeps serving the active release and accepts no new one.</param>
public sealed record CheckIn(
    string Node, string Channel, int Release, bool Stale, DateTimeOffset At,
    IReadOnlyList<ActiveModel> Models, IReadOnlyList<RefusalReport> Refusals, IReadOnlyList<QuarantinedArtifact> Quarantine)
{
    /// <summary>What decides which release the node runs, for people; null for its channel.</summary>
    public string? Steering { get; init; }

    /// <summary>The comparison of the shadow release with the active one, current or last; null where there was none.</summary>
    public IReadOnlyList<ShadowReport>? Shadow { get; init; }
}

/// <summary>A model that is active on the node.</summary>
/// <param name="Predictions">Predictions by this version since it was activated.</param>
/// <param name="Failures">Calls of this version that failed since it was activated.</param>
public sealed record ActiveModel(string Name, int Version, string Sha256, string Scorer, long Predictions, long Failures);

/// <summary>A refusal of the node.</summary>
/// <param name="Reason">A name of <see cref="RefusalReason"/>.</param>
/// <param name="Subject">The file, role or model that was refused.</param>
public sealed record RefusalReport(string Reason, string Subject, string Detail, DateTimeOffset At);

/// <summary>An artifact with a valid signature that failed its try-out; the node does not load it again.</summary>
public sealed record QuarantinedArtifact(string Model, int Version, string Sha256, string Reason);
