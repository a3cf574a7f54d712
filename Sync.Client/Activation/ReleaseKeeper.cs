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
    private readonly ReleaseLoader _loader = new(quarantine, options.Budgets.TryOutLatency);
    private readonly ReleaseActivator _activator = new(store, slot);

    /// <summary>Brings the node to the release of its channel. Null when it runs that release afterwards.</summary>
    public async Task<Refusal?> FollowAsync(NodeTrust trust, RepositorySources sources, CancellationToken cancellation)
    {
        int number = trust.Channel.ReleaseFor(options.NodeId);
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
