using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Sync.Client.Reports;
using Sync.Client.Scoring;
using Sync.Client.Storage;
using Sync.Client.Trust;
using Sync.Client.Updates.Maintenance;
using Sync.Client.Updates.Schemas;
using Sync.Client.Updates.Shadow;

namespace Sync.Client.Updates;

/// <summary>What a node holds from one update to the next: its trust, its steering, its shadow trial and the release that waits for the maintenance
/// window. Updates change it, one at a time; <see cref="Status"/> may be read from any thread.</summary>
internal sealed class NodeState(
    RelaySyncOptions options, TimeProvider timeProvider, NodeStore store, ReleaseSlot slot, QuarantineList quarantine, SchemaGuard schemas,
    RefusalLog refusals)
{
    private IReadOnlyList<ShadowReport> _lastTrial = [];
    private volatile PreparedRelease? _prepared;
    private bool _isSteeringKnown;

    /// <summary>The metadata of the last whole update; null before the first.</summary>
    public NodeTrust? Trust { get; set; }

    /// <summary>When a whole update from the network or a bundle ended last.</summary>
    public DateTimeOffset? LastRefresh { get; set; }

    /// <summary>Where the store does not tell the steering, the node holds its release: it may be pinned.</summary>
    public NodeSteering Steering { get; private set; } = NodeSteering.Held;

    /// <summary>The release that is compared with the active one before it takes its place.</summary>
    public ShadowTrial? Trial { get; private set; }

    /// <summary>The release that becomes active when the maintenance window opens.</summary>
    public PreparedRelease? Prepared
    {
        get => _prepared;
        set => _prepared = value;
    }

    /// <summary>The version of the timestamp that the node has verified; 0 before the first.</summary>
    public long TimestampVersion => Trust?.Metadata.Timestamp?.Version ?? 0;

    /// <summary>What the relay said last of the samples of this node; null for nothing.</summary>
    public Refusal? SampleRefusal { get; set; }

    /// <summary>True while an event stream of the relay is open.</summary>
    public bool HasEventStream { get; set; }

    public bool IsStale => Trust is { } trust && trust.ExpiresAt <= timeProvider.GetUtcNow();

    public SyncStatus Status => new(
        options.NodeId, options.Channel, slot.Current?.Number ?? 0, IsStale,
        [.. (slot.Current?.Scorers.Values ?? []).Select(s => new ActiveModel(
            s.Version.Name, s.Version.Version, s.Version.Sha256, s.Version.Scorer.ToString().ToLowerInvariant(), s.Predictions, s.Failures)
        {
            CallerFaults = s.CallerFaults,
            SchemaHash = s.Version.SchemaHash,
            SchemaSource = schemas.SourceOf(s.Version.Name).ToString(),
        })],
        refusals.Recent, quarantine.Artifacts, LastRefresh)
    {
        Steering = Steering,
        CurrentRefusals = refusals.Current,
        HasEventStream = HasEventStream,
        Metadata = Trust is { } trust ? new HeldMetadata(trust.Metadata.Timestamp!.Version, trust.TimestampSha256) : null,
        Shadow = Trial?.Reports ?? _lastTrial,
        Waiting = Prepared is { } prepared ? new WaitingRelease(prepared.Release.Number, prepared.OpensAt) : null,
    };

    /// <summary>Reads the steering from the store, until it is known.</summary>
    public void ReadSteering()
    {
        if (!_isSteeringKnown)
        {
            (NodeSteering? stored, _isSteeringKnown) = store.ReadSteering();
            Steering = stored ?? (_isSteeringKnown ? NodeSteering.Following : NodeSteering.Held);
        }
    }

    /// <summary>Writes the steering again where the store lost it.</summary>
    public void WriteSteeringIfMissing()
    {
        if (_isSteeringKnown && Steering.Mode is not SteeringMode.Following && !store.HasSteering)
        {
            store.WriteSteeringWhenPossible(Steering);
        }
    }

    /// <summary>Follows the channel again; the store is told as soon as it can be written.</summary>
    public void DropPin()
    {
        Steering = NodeSteering.Following;
        store.WriteSteeringWhenPossible(Steering);
    }

    /// <exception cref="IOException">The store cannot be written; the steering stays as it was.</exception>
    public void KeepSteering(NodeSteering steering)
    {
        store.WriteSteering(steering);
        (Steering, _isSteeringKnown) = (steering, true);
    }

    /// <summary>The reason why the active release may not answer any more: it was revoked, or is below the minimum. Null when it may.</summary>
    public Refusal? FindForbidden(TrustPolicy policy) => slot.Current is { } running ? FindForbidden(running, policy) : null;

    /// <summary>The reason why a loaded release may not answer; null when it may.</summary>
    public static Refusal? FindForbidden(LoadedRelease release, TrustPolicy policy) =>
        policy.CheckRelease(release.Number) ?? release.Scorers.Values
            .Select(s => policy.CheckArtifact(s.Version.Name, s.Version.Sha256))
            .FirstOrDefault(r => r is not null);

    public void BeginTrial(ShadowTrial trial) => Trial = trial;

    /// <summary>Forgets a trial that has ended, but for its reports.</summary>
    public void EndTrial(ShadowTrial trial) => (Trial, _lastTrial) = (null, trial.Reports);

    /// <summary>Gives up the release that would be next: one that waits for the maintenance window, or a trial, whose scorers are freed once its
    /// threads have ended.</summary>
    public async Task AbandonNextAsync()
    {
        if (Prepared is { } prepared)
        {
            Prepared = null;
            prepared.Release.RetireExcept(slot.Current);
        }

        if (Trial is { } trial)
        {
            EndTrial(trial);
            await trial.AbandonAsync(slot.Current).ConfigureAwait(false);
            _lastTrial = trial.Reports;
        }
    }
}
