using System.Diagnostics;
using Shared.Contracts;
using Shared.Platform.Files;
using Sync.Client.Reports;
using Sync.Client.Storage;
using Sync.Client.Transport;
using Sync.Client.Updates;

namespace Sync.Client;

// Updates, and what an operator may decide about them.
public sealed partial class SyncClient
{
    /// <summary>Updates from the relay, or from a mirror where the relay fails: activates the release of the channel, or of the pin, if
    /// everything about it verifies.</summary>
    /// <returns>Whether another release is active, and the refusal if there was one, of the release or of this machine.</returns>
    public Task<RefreshResult> RefreshAsync(CancellationToken cancellationToken = default) => UpdateAsync(null, cancellationToken);

    /// <summary>Pins the node to one release until <see cref="FollowAsync"/>, or until that release is revoked. It is verified and tried out
    /// like any other; with the relay offline, the node's store is used. After a refusal the steering is as before.</summary>
    /// <param name="release">Its number, from 1.</param>
    /// <param name="cancellationToken">Ends the update; the steering is then as before.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public Task<RefreshResult> PinAsync(int release, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(release, 1);
        return UpdateAsync(NodeSteering.PinnedTo(release), cancellationToken);
    }

    /// <summary>Holds the active release until <see cref="FollowAsync"/>: no other becomes active, unless the held one is revoked.</summary>
    public Task<RefreshResult> HoldAsync(CancellationToken cancellationToken = default) => UpdateAsync(NodeSteering.Held, cancellationToken);

    /// <summary>Ends a pin or a hold, and updates to the release of the channel.</summary>
    public Task<RefreshResult> FollowAsync(CancellationToken cancellationToken = default) =>
        UpdateAsync(NodeSteering.Following, cancellationToken);

    /// <summary>Updates from a bundle, which is one file that <c>relay bundle export</c> wrote, by the rules of an update from a relay: for
    /// a node without network.</summary>
    /// <param name="bundlePath">Path of the bundle.</param>
    /// <param name="cancellationToken">Ends the update; the active release stays.</param>
    /// <exception cref="IOException">The bundle cannot be opened; the active release stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The bundle may not be read; the active release stays.</exception>
    public async Task<RefreshResult> ImportAsync(string bundlePath, CancellationToken cancellationToken = default)
    {
        using FileStream file = RegularFile.OpenRead(bundlePath);
        RepositorySources bundle = new([new BundleRepository(Path.GetFileName(bundlePath), file)], _updates.Reporter.Report);
        return await UpdateAsync(bundle, steering: null, checkIns: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes artifacts from quarantine, so that the next update tries them out again: for an operator who removed the cause.</summary>
    /// <param name="sha256">Lower-case hexadecimal; null for all of them.</param>
    /// <param name="cancellationToken">Ends the wait for a running update.</param>
    /// <returns>The number of artifacts that were removed.</returns>
    /// <exception cref="IOException">The store cannot be written: all stay.</exception>
    public async Task<int> LiftQuarantineAsync(string? sha256 = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<string> lifted = await ChangeStoreAsync(() => _updates.Quarantine.Lift(sha256), cancellationToken).ConfigureAwait(false);
        foreach (string digest in lifted)
        {
            _logger.Lifted(digest);
        }

        return lifted.Count;
    }

    /// <summary>Accepts the next release with another schema than the one that this node took from an earlier release, and takes its schema
    /// instead: for an app whose rows fit the new schema and that does not state it with
    /// <see cref="RelaySyncOptions.AddModel(string, Action{ExpectedSchema})"/>. It survives a restart, and ends with that release.</summary>
    /// <param name="model">The model; null for all of them.</param>
    /// <param name="cancellationToken">Ends the wait for a running update.</param>
    /// <returns>The models for which this node kept a schema.</returns>
    /// <exception cref="IOException">The store cannot be written: all stays as it was.</exception>
    public async Task<IReadOnlyList<string>> AcceptNextSchemaAsync(string? model = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<string> accepted = await ChangeStoreAsync(() => _updates.Schemas.AcceptNext(model), cancellationToken).ConfigureAwait(false);
        foreach (string name in accepted)
        {
            _logger.NextSchemaAccepted(name);
        }

        return accepted;
    }

    /// <summary>Sends the rows and labels that wait to the relay. A host does so by itself, each <see cref="SampleOptions.Interval"/>.</summary>
    /// <returns>Why some were not sent, or not taken; null where the relay has all.</returns>
    public async Task<Refusal?> SendSamplesAsync(CancellationToken cancellationToken = default)
    {
        Refusal? refusal = await _samples.SendAsync(cancellationToken).ConfigureAwait(false);
        _updates.Reporter.Report(refusal);
        _updates.State.SampleRefusal = refusal;
        return refusal;
    }

    private async Task<IReadOnlyList<string>> ChangeStoreAsync(Func<IReadOnlyList<string>> change, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _updates.Store.Prepare() is { } fault ? throw new StoreFaultException(fault) : change();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private Task<RefreshResult> UpdateAsync(NodeSteering? steering, CancellationToken cancellationToken) =>
        UpdateAsync(_connections.Sources, steering, _checkIns, cancellationToken);

    private async Task<RefreshResult> UpdateAsync(
        RepositorySources sources, NodeSteering? steering, CheckInReporter? checkIns, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            long started = _updates.TimeProvider.GetTimestamp();
            using Activity? activity = _telemetry.StartUpdate();
            RefreshResult result = await new UpdateRun(_updates, sources, steering, checkIns).RunAsync(cancellationToken).ConfigureAwait(false);
            _telemetry.EndUpdate(activity, started, result.Activated, result.Refusal?.Reason.ToString());
            return result;
        }
        finally
        {
            _connections.Pushed.UpdateEnded();
            _trials.Watch();
            _window.Watch();
            _oneAtATime.Release();
        }
    }
}
