using Microsoft.Extensions.Logging;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Sync.Client.Scoring;
using Sync.Client.Storage;
using Sync.Client.Transport;
using Sync.Client.Trust;
using Sync.Client.Updates.Shadow;

namespace Sync.Client.Updates;

/// <summary>Decides which release answers: what the channel says when all of it holds, what runs when it does not, and what ran
/// before when what runs is forbidden.</summary>
internal sealed class ReleaseKeeper(
    RelaySyncOptions options, TimeProvider timeProvider, NodeStore store, QuarantineList quarantine, ReleaseSlot slot, ILogger logger)
{
    private readonly ReleaseReader _releases = new(options.Models);
    private readonly ReleaseLoader _loader =
        new(quarantine, new ScorerLoader(options.Scorer, options.Budgets), options.RowTypes, options.Explanations);
    private readonly ReleaseActivator _activator = new(store, slot);

    private NodeSteering _kept = store.ReadSteering() ?? NodeSteering.Following;
    private NodeSteering? _tried;
    private IReadOnlyList<ShadowReport> _shadowed = [];

    /// <summary>Who decides what runs. One that is set goes no further than this object until <see cref="KeepSteering"/>.</summary>
    public NodeSteering Steering
    {
        get => _tried ?? _kept;
        set => _tried = value;
    }

    /// <summary>True when the node is pinned and runs something else.</summary>
    public bool IsOffItsPin => Steering.Release is { } pin && pin != slot.Current?.Number;

    /// <summary>The release that runs beside the one that answers.</summary>
    public ShadowTrial? Trial { get; private set; }

    /// <summary>How that goes, or how the last one went.</summary>
    public IReadOnlyList<ShadowReport> Shadow => Trial?.Reports ?? _shadowed;

    /// <exception cref="IOException">The store cannot be written.</exception>
    public void KeepSteering()
    {
        store.WriteSteering(Steering);
        (_kept, _tried) = (Steering, null);
    }

    /// <summary>What was set and not kept is forgotten.</summary>
    public void ForgetSteering() => _tried = null;

    /// <summary>Brings the node to the release of its pin or its channel, or leaves it where it is held.</summary>
    /// <param name="sources">Null to do with what the store holds.</param>
    /// <returns>Null when it runs that release afterwards.</returns>
    public async Task<Refusal?> FollowAsync(NodeTrust trust, RepositorySources? sources, CancellationToken cancellationToken)
    {
        if (Steering.Mode is SteeringMode.Held && slot.Current is not null && Forbidden(trust.Policy) is null)
        {
            AbandonTrial();
            return null;
        }

        int number = Steering.Release ?? trust.Channel.ReleaseFor(options.NodeId);
        Refusal? refusal = await GoToAsync(number, trust, sources, cancellationToken).ConfigureAwait(false);
        if (_tried is not null || _kept.Release is null || refusal is not { Reason: RefusalReason.ArtifactRevoked or RefusalReason.ReleaseBelowMinimum })
        {
            return refusal;
        }

        logger.PinDropped(number);
        Steering = NodeSteering.Following;
        KeepSteering();
        await GoToAsync(trust.Channel.ReleaseFor(options.NodeId), trust, sources, cancellationToken).ConfigureAwait(false);
        return refusal;
    }

    private async Task<Refusal?> GoToAsync(int number, NodeTrust trust, RepositorySources? sources, CancellationToken cancellationToken)
    {
        Result<PlannedRelease> plan = await _releases.ReadAsync(trust, number, new TargetReader(store, sources), cancellationToken).ConfigureAwait(false);
        if (plan.IsAccepted && Steering.Release is null && Trial?.IsOf(plan.Value) == true)
        {
            return null;
        }

        AbandonTrial();
        if (!plan.IsAccepted)
        {
            return plan.Refusal;
        }

        if (slot.Current?.Runs(plan.Value) == true)
        {
            return null;
        }

        if (quarantine.Check(plan.Value) is { } known)
        {
            return known;
        }

        Result<LoadedRelease> loaded = await _loader.LoadAsync(
            plan.Value, trust, new ArtifactSource(store, sources, options.Budgets.ArtifactBytes), slot.Current, timeProvider.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        if (!loaded.IsAccepted)
        {
            return loaded.Refusal;
        }

        Trial = options.Shadow is { } shadow && Steering.Release is null
            ? ShadowTrial.Start(loaded.Value, slot.Current, plan.Value, shadow, timeProvider)
            : null;
        if (Trial is null)
        {
            Activate(loaded.Value, trust);
        }

        return null;
    }

    /// <summary>Activates what was on trial, or refuses it. To be called when the trial has ended.</summary>
    /// <exception cref="IOException">The store cannot be written: what runs goes on.</exception>
    public Refusal? Settle(ShadowTrial trial, NodeTrust trust)
    {
        (Trial, _shadowed) = (null, trial.Reports);
        if (trial.Disagreement() is { } found)
        {
            trial.Retire(slot.Current);
            quarantine.Add(found.Model, found.Refusal.Reason);
            return found.Refusal;
        }

        if (trust.ExpiresAt <= timeProvider.GetUtcNow())
        {
            trial.Retire(slot.Current);
            return new(RefusalReason.MetadataExpired, RoleNames.Timestamp, $"the metadata expired at {trust.ExpiresAt:u}");
        }

        Activate(trial.Candidate, trust);
        return null;
    }

    /// <summary>Ends a trial whose outcome is no longer asked for.</summary>
    public void AbandonTrial()
    {
        if (Trial is { } trial)
        {
            trial.Abandon(slot.Current);
            (Trial, _shadowed) = (null, trial.Reports);
        }
    }

    private void Activate(LoadedRelease release, NodeTrust trust)
    {
        if (_activator.Activate(release, trust) is { } left)
        {
            logger.OldFilesStay(left);
        }
    }

    /// <summary>Why what runs must not answer any more: it was revoked, or is under the minimum. Null when it may.</summary>
    public Refusal? Forbidden(TrustPolicy policy) => slot.Current is not { } running
        ? null
        : policy.CheckRelease(running.Number) ?? running.Scorers.Values
            .Select(s => policy.CheckArtifact(s.Version.Name, s.Version.Sha256))
            .FirstOrDefault(r => r is not null);

    /// <summary>Lets the newest stored release answer that still holds, or none, and tells what was wrong with the others.</summary>
    public async Task<List<Refusal>> ReturnToLastGoodAsync(NodeTrust trust, CancellationToken cancellationToken)
    {
        AbandonTrial();
        int forbidden = slot.Current?.Number ?? 0;
        slot.Swap(null);
        LastGood lastGood = new(store, _releases, _loader, quarantine, options.Budgets);
        (LoadedRelease? release, List<Refusal> refusals) = await lastGood.LoadAsync(trust, except: forbidden, cancellationToken).ConfigureAwait(false);
        slot.Swap(release);
        return refusals;
    }
}
