using Shared.Contracts;
using Shared.Contracts.Releases;
using Sync.Client.Reports;
using Sync.Client.Scoring;
using Sync.Client.Storage;
using Sync.Client.Transport;
using Sync.Client.Trust;
using Sync.Client.Updates.Shadow;

namespace Sync.Client.Updates;

/// <summary>One update of a node, in six steps: refresh the metadata, plan, download and verify, try out, swap, report. A refusal ends it
/// and leaves the active release as it is.</summary>
/// <param name="requested">The steering to apply, kept if the node then runs what it asks for; null to keep the current one.</param>
/// <param name="checkIns">Null where no relay is asked, or told of the result.</param>
internal sealed class UpdateRun(UpdateServices node, RepositorySources sources, NodeSteering? requested, CheckInReporter? checkIns)
{
    private readonly LoadedRelease? _before = node.Slot.Current;
    private NodeSteering _steering = NodeSteering.Following;
    private bool _usesStoreOnly;
    private Refusal? _droppedPin;

    private RepositorySources? Sources => _usesStoreOnly ? null : sources;

    private bool ViolatesPin => _steering.Release is { } pin && pin != node.Slot.Current?.Number;

    /// <summary>Runs the update. What is wrong with the store is a refusal as well: the node goes on with what it can read.</summary>
    public async Task<RefreshResult> RunAsync(CancellationToken cancellationToken)
    {
        node.Refusals.BeginAttempt();
        node.Reporter.Report(node.Store.Prepare());
        if (checkIns is not null && node.Options.Relay is not null)
        {
            node.Reporter.Report(node.Identity.Prepare());
        }

        node.State.ReadSteering();
        _steering = requested ?? node.State.Steering;
        Refusal? refusal = await TryAsync(() => UpdateAsync(cancellationToken)).ConfigureAwait(false);
        LoadedRelease? known = _before;
        if (refusal is not null && node.Slot.Current is null)
        {
            // What could not be read at the start may be readable now.
            await node.Fallback.RestoreAsync(cancellationToken).ConfigureAwait(false);
            known = node.Slot.Current;
        }

        if (requested is not null && !ViolatesPin)
        {
            refusal = await TryAsync(KeepSteeringAsync).ConfigureAwait(false) ?? refusal;
        }

        // 6. Report: to the log and the handlers of events, and to the relay.
        refusal = _droppedPin ?? refusal;
        Refusal? fault = node.Store.Fault;
        node.Reporter.Report(refusal);
        node.Reporter.Report(fault);
        node.Reporter.ReportAll(node.Store.TakeFileFaults());
        node.Reporter.RaiseModelChanged(
            known, node.State.Steering.Mode is SteeringMode.Pinned ? ModelChangeCause.Pin : ModelChangeCause.Sync);
        await node.Fallback.WithdrawForbiddenAsync(cancellationToken).ConfigureAwait(false);
        node.Reporter.WarnIfStale(node.State);
        if (checkIns is not null)
        {
            node.Reporter.Report(await checkIns.ReportAsync(node.State.Status, cancellationToken).ConfigureAwait(false));
            node.Reporter.Report(node.State.SampleRefusal);
            node.Reporter.Report(node.Identity.EnrollmentRefusal);
            node.Reporter.WarnIfClockDiffers(node.Identity.Clock);
            node.Identity.Save();
        }

        node.Reporter.EndAttempt(refusal);
        return new RefreshResult(!ReferenceEquals(_before, node.Slot.Current), refusal ?? fault);
    }

    private async Task<Refusal?> TryAsync(Func<Task<Refusal?>> act)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (Exception e) when (StoreFault.IsMeant(e))
        {
            return node.Store.ToFault(e);
        }
        finally
        {
            // Also after a failure or a cancellation: the versions that were seen must never fall.
            node.Store.Flush();
        }
    }

    private Task<Refusal?> KeepSteeringAsync()
    {
        node.State.KeepSteering(requested!);
        node.Logger.Steered(requested!);
        return Task.FromResult<Refusal?>(null);
    }

    // Null where the node runs what it should, or where it waits for a shadow trial or the maintenance window.
    private async Task<Refusal?> UpdateAsync(CancellationToken cancellationToken)
    {
        // 1. Refresh the metadata.
        Result<NodeTrust> refreshed = await RefreshMetadataAsync(cancellationToken).ConfigureAwait(false);
        if (!refreshed.IsAccepted)
        {
            return refreshed.Refusal;
        }

        // 2. Plan: which release, and which files of it.
        NodeTrust trust = refreshed.Value;
        (PlannedRelease? plan, Refusal? refusal) = await PlanAsync(trust, cancellationToken).ConfigureAwait(false);
        if (plan is not null)
        {
            DateTimeOffset now = node.TimeProvider.GetUtcNow();
            ArtifactSource artifacts = new(node.Store, Sources, node.Options.Budgets.ArtifactBytes);
            Result<LoadedRelease> loaded = await ReleaseLoader.LoadAsync(
                plan, node.Slot.Current, now,

                // 3. Download and verify.
                model => AcquireAsync(artifacts, model, trust, now, cancellationToken),

                // 4. Try out.
                (model, file) => node.TryOut.RunAsync(model, file, cancellationToken)).ConfigureAwait(false);

            // 5. Swap.
            refusal = loaded.Refusal;
            if (loaded.IsAccepted)
            {
                Swap(plan, loaded.Value, trust);
            }
        }

        if (_usesStoreOnly)
        {
            return refusal;
        }

        node.State.LastRefresh = node.TimeProvider.GetUtcNow();
        return refusal ?? await new StoreRepair(node, sources).RunAsync(trust, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Result<byte[]>> AcquireAsync(
        ArtifactSource artifacts, PlannedModel model, NodeTrust trust, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Result<byte[]> file = await artifacts.AcquireAsync(model, trust, now, cancellationToken).ConfigureAwait(false);
        return file.IsAccepted && await new GateRequirement([.. node.Options.Require], node.Store, Sources)
            .FindRefusalAsync(model, trust, cancellationToken).ConfigureAwait(false) is { } refusal
            ? refusal
            : file;
    }

    private async Task<Result<NodeTrust>> RefreshMetadataAsync(CancellationToken cancellationToken)
    {
        Result<NodeTrust> trust = await node.Trust.RefreshAsync(sources, cancellationToken).ConfigureAwait(false);
        if (trust.IsAccepted)
        {
            node.State.Trust = trust.Value;
        }
        else if (ViolatesPin && node.State.Trust is { } stored)
        {
            // With the relay offline, a node can still be pinned to a release that its store holds.
            node.Reporter.Report(trust.Refusal);
            _usesStoreOnly = true;
            return stored;
        }

        return trust;
    }

    // Neither a plan nor a refusal where there is nothing to do.
    private async Task<(PlannedRelease? Plan, Refusal? Refusal)> PlanAsync(NodeTrust trust, CancellationToken cancellationToken)
    {
        if (_steering.Mode is SteeringMode.Held && node.Slot.Current is not null && node.State.FindForbidden(trust.Policy) is null)
        {
            await node.State.AbandonNextAsync().ConfigureAwait(false);
            return default;
        }

        int followed = trust.Channel.ReleaseFor(node.Options.NodeId);
        TargetReader targets = new(node.Store, Sources);
        Result<PlannedRelease> plan = _steering.Release is { } pinned
            ? await node.Planner.PlanStoredAsync(trust, pinned, targets, cancellationToken).ConfigureAwait(false)
            : await node.Planner.PlanAsync(trust, followed, targets, cancellationToken).ConfigureAwait(false);
        if (requested is null && _steering.Release is { } pin
            && plan.Refusal is { Reason: RefusalReason.ArtifactRevoked or RefusalReason.ReleaseBelowMinimum } revoked)
        {
            node.Logger.PinDropped(pin);
            _droppedPin = revoked;
            _steering = NodeSteering.Following;
            node.State.DropPin();
            plan = await node.Planner.PlanAsync(trust, followed, targets, cancellationToken).ConfigureAwait(false);
        }

        if (plan.IsAccepted && _steering.Release is null && node.State.Trial?.IsOf(plan.Value) == true)
        {
            return default;
        }

        if (plan.IsAccepted && node.State.Prepared is { } prepared && plan.Value.IsRunBy(prepared.Release))
        {
            node.Gate.Admit(prepared.Release, trust, isPinned: _steering.Release is not null);
            return default;
        }

        await node.State.AbandonNextAsync().ConfigureAwait(false);
        if (!plan.IsAccepted)
        {
            return (null, plan.Refusal);
        }

        return plan.Value.IsRunBy(node.Slot.Current) ? default
            : (node.Quarantine.Check(plan.Value) ?? node.Schemas.FindRefused(plan.Value)) is { } refusedBefore ? (null, refusedBefore)
            : (plan.Value, null);
    }

    // At once, when the maintenance window opens, or after a trial in the shadow of the active release.
    private void Swap(PlannedRelease plan, LoadedRelease release, NodeTrust trust)
    {
        ShadowTrial? trial = node.Options.Shadow is { } shadow && _steering.Release is null
            ? ShadowTrial.Start(release, node.Slot.Current, plan, shadow, node.TimeProvider)
            : null;
        if (trial is null)
        {
            node.Gate.Admit(release, trust, isPinned: _steering.Release is not null);
        }
        else
        {
            node.State.BeginTrial(trial);
        }
    }
}
