using Microsoft.Extensions.Logging;
using Shared.Contracts.Trust;
using Sync.Client.Storage;
using Sync.Client.Transport;
using Sync.Client.Trust;

namespace Sync.Client.Activation;

/// <summary>Decides which release answers: what the channel says when all of it holds, what runs when it does not, and what ran
/// before when what runs is forbidden.</summary>
internal sealed class ReleaseKeeper(
    RelaySyncOptions options, TimeProvider time, NodeStore store, QuarantineList quarantine, ReleaseSlot slot, ILogger logger)
{
    private readonly ReleaseReader _releases = new(options.Models);
    private readonly ReleaseLoader _loader =
        new(quarantine, new ScorerLoader(options.Scorer, options.Budgets), options.RowTypes);
    private readonly ReleaseActivator _activator = new(store, slot);

    private NodeSteering _kept = store.ReadSteering() ?? NodeSteering.Following;
    private NodeSteering? _tried;

    /// <summary>Who decides what runs. One that is set goes no further than this object until <see cref="KeepSteering"/>.</summary>
    public NodeSteering Steering
    {
        get => _tried ?? _kept;
        set => _tried = value;
    }

    /// <summary>True when the node is pinned and runs something else.</summary>
    public bool IsOffItsPin => Steering.Release is { } pin && pin != slot.Current?.Number;

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
    public async Task<Refusal?> FollowAsync(NodeTrust trust, RepositorySources? sources, CancellationToken cancellation)
    {
        if (Steering.Mode is SteeringMode.Held && slot.Current is not null && Forbidden(trust.Policy) is null)
        {
            return null;
        }

        int number = Steering.Release ?? trust.Channel.ReleaseFor(options.NodeId);
        Refusal? refusal = await GoToAsync(number, trust, sources, cancellation);
        if (_tried is not null || _kept.Release is null || refusal is not { Reason: RefusalReason.ArtifactRevoked or RefusalReason.ReleaseBelowMinimum })
        {
            return refusal;
        }

        logger.PinDropped(number);
        Steering = NodeSteering.Following;
        KeepSteering();
        await GoToAsync(trust.Channel.ReleaseFor(options.NodeId), trust, sources, cancellation);
        return refusal;
    }

    private async Task<Refusal?> GoToAsync(int number, NodeTrust trust, RepositorySources? sources, CancellationToken cancellation)
    {
        Verdict<PlannedRelease> plan = await _releases.ReadAsync(trust, number, new TargetReader(store, sources), cancellation);
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

        Verdict<LoadedRelease> loaded = await _loader.LoadAsync(
            plan.Value, trust, new ArtifactSource(store, sources, options.Budgets.ArtifactBytes), slot.Current, time.GetUtcNow(), cancellation);
        if (!loaded.IsAccepted)
        {
            return loaded.Refusal;
        }

        if (_activator.Activate(loaded.Value, trust) is { } left)
        {
            logger.OldFilesStay(left);
        }

        return null;
    }

    /// <summary>Why what runs must not answer any more: it was revoked, or is under the minimum. Null when it may.</summary>
    public Refusal? Forbidden(TrustPolicy policy) => slot.Current is not { } running
        ? null
        : policy.CheckRelease(running.Number) ?? running.Scorers.Values
            .Select(s => policy.CheckArtifact(s.Version.Name, s.Version.Sha256))
            .FirstOrDefault(r => r is not null);

    /// <summary>Lets the newest stored release answer that still holds, or none, and tells what was wrong with the others.</summary>
    public async Task<List<Refusal>> ReturnToLastGoodAsync(NodeTrust trust, CancellationToken cancellation)
    {
        int forbidden = slot.Current?.Number ?? 0;
        slot.Swap(null);
        LastGood lastGood = new(store, _releases, _loader, quarantine, options.Budgets);
        (LoadedRelease? release, List<Refusal> refusals) = await lastGood.LoadAsync(trust, except: forbidden, cancellation);
        slot.Swap(release);
        return refusals;
    }
}
