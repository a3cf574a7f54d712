using Relay.Server.Rollouts.Evidence;
using Relay.Server.Rollouts.Planning;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Rollouts;

/// <summary>What the relay needs of a rollout to count a report: immutable, made once for each version of the rollout. Pure.</summary>
internal sealed record RolloutScope(Rollout Rollout, RolloutRule FullRule, RolloutState State, ReleaseManifest Base, ReleaseManifest Candidate)
{
    private const string TransportPrefix = "Transport";

    private readonly HashSet<(string Model, int Version)> _baseChanged = [.. Changed(Base, Candidate)];
    private readonly HashSet<(string Model, int Version)> _candidateChanged = [.. Changed(Candidate, Base)];
    private readonly HashSet<string> _digests = [.. Candidate.Models.Except(Base.Models).Select(model => model.Sha256)];
    private readonly HashSet<string> _subjects =
    [
        TargetPaths.Release(Candidate.Number),
        .. Candidate.Models.Except(Base.Models).SelectMany(model => new[] { model.Path, model.SignaturePath }),
    ];

    public static RolloutScope Create(Rollout rollout, ReleaseManifest baseRelease, ReleaseManifest candidate) =>
        new(rollout, rollout.ReadRule(), rollout.ReadState(), baseRelease, candidate);

    public long Id => Rollout.Id;

    public string Salt => Rollout.Salt;

    public EvidenceRule Rule => FullRule.Evidence;

    /// <summary>The round of a report that arrives now, as the planner counts rounds.</summary>
    public int RoundAt(long now) => RolloutClock.RoundAt(FullRule, State, DateTimeOffset.FromUnixTimeMilliseconds(now));

    /// <summary>The time since the stage began, whatever the relay's clock did meanwhile.</summary>
    public TimeSpan InStageAt(long now) => RolloutClock.InStageAt(State, DateTimeOffset.FromUnixTimeMilliseconds(now));

    public Arm? ArmOf(string node) => ArmAssignment.Find(node, Salt, Rollout.Percentage, State.StageOf(FullRule).Percentage);

    public RolloutNodeStanding StandingOf(CheckIn report, Arm? arm) =>
        report.Steering is not null ? RolloutNodeStanding.Apart
        : arm is null ? RolloutNodeStanding.Between
        : arm == Arm.Control ? (report.Release == Base.Number ? RolloutNodeStanding.Runs : RolloutNodeStanding.Apart)
        : report.Quarantine.Any(artifact => _digests.Contains(artifact.Sha256)) ? RolloutNodeStanding.Quarantined
        : report.Release == Candidate.Number ? RolloutNodeStanding.Runs
        : report.Waiting?.Release == Candidate.Number ? RolloutNodeStanding.Window
        : report.Refusals.Any(IsOfCandidate) ? RolloutNodeStanding.Refused
        : report.Release == Base.Number ? RolloutNodeStanding.Waits
        : RolloutNodeStanding.Apart;

    /// <summary>True for a version whose use is compared: one that the other release does not have. What both releases have would only thin out
    /// the difference.</summary>
    public bool IsCompared(Arm arm, int release, string model, int version) => arm == Arm.Candidate
        ? release == Candidate.Number && _candidateChanged.Contains((model, version))
        : release == Base.Number && _baseChanged.Contains((model, version));

    // A node that cannot fetch a file does not judge it.
    private bool IsOfCandidate(RefusalReport refusal) =>
        _subjects.Contains(refusal.Subject) && !refusal.Reason.StartsWith(TransportPrefix, StringComparison.Ordinal);

    private static IEnumerable<(string Model, int Version)> Changed(ReleaseManifest one, ReleaseManifest other) =>
        one.Models.Except(other.Models).Select(model => (model.Name, model.Version));
}
