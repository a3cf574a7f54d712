using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Platform.Files;
using Sync.Client.Hosting;
using Sync.Client.Push;
using Sync.Client.Reports;
using Sync.Client.Samples;
using Sync.Client.Scoring;
using Sync.Client.Storage;
using Sync.Client.Telemetry;
using Sync.Client.Transport;
using Sync.Client.Updates;
using Sync.Client.Updates.Maintenance;
using Sync.Client.Updates.Shadow;

namespace Sync.Client;

/// <summary>A node: it keeps its models current, by the six steps of <c>UpdateRun</c>, and answers with the active release. A refused
/// update leaves the active release as it is. All members may be called from any thread; updates wait for each other.</summary>
public sealed class SyncClient : IDisposable, IAsyncDisposable
{
    private readonly RelaySyncOptions _options;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Dictionary<string, RelayModel> _models;
    private readonly RelayConnections _connections;
    private readonly CheckInReporter _checkIns;
    private readonly EventQueue _events;
    private readonly UpdateServices _updates;
    private readonly TrialWatcher _trials;
    private readonly WindowWatcher _window;
    private readonly UsageRecorder _usage;
    private readonly SampleService _samples;
    private readonly NodeTelemetry _telemetry;
    private int _isStopped;

    /// <summary>Opens the store; what is wrong with it is in <see cref="Status"/>, and each update tries again. Nothing is loaded or requested
    /// before <see cref="RestoreAsync"/> and <see cref="RefreshAsync"/>.</summary>
    /// <exception cref="ArgumentException"><see cref="RelaySyncOptions.MaintenanceWindow"/> cannot be read, or names a time zone that this machine
    /// does not know.</exception>
    public SyncClient(RelaySyncOptions options, TimeProvider timeProvider, ILogger<SyncClient> logger)
        : this(options, timeProvider, logger, new StoreFiles())
    {
    }

    internal SyncClient(RelaySyncOptions options, TimeProvider timeProvider, ILogger<SyncClient> logger, StoreFiles files)
    {
        (_options, _logger) = (options, logger);
        _models = options.Models.ToDictionary(m => m, m => new RelayModel(m, Slot), StringComparer.Ordinal);
        _events = new EventQueue(logger);
        _updates = UpdateServices.Create(
            options, timeProvider, logger, NodeStore.Open(options.StoreFolder, files), Slot,
            change => _events.Raise(ModelChanged, this, change),
            RaiseRefused);
        Slot.CurrentReasons = () => _updates.Refusals.Current.Select(refusal => refusal.Reason);
        _telemetry = new NodeTelemetry(options.NodeId, options.Channel, () => Status, timeProvider);
        _window = new WindowWatcher(_updates, _oneAtATime);
        _trials = new TrialWatcher(_updates, _oneAtATime, _window.Watch);
        _connections = new RelayConnections(
            options, timeProvider, _updates.Identity, () => logger.Enrolled(options.NodeId), _updates.Reporter.Report,
            () => _updates.State.TimestampVersion);
        _usage = new UsageRecorder(
            new UsageBuffer(_updates.Store), _updates.Refusals, options.UsageInterval, _updates.Quarantine.Artifacts, timeProvider);
        _checkIns = new CheckInReporter(_connections, _updates.Identity, _updates.Refusals, _usage, timeProvider, logger);
        _samples = new SampleService(
            options.Samples, Slot, _updates.Store, _connections.Relay, timeProvider, (type, name) => ModelOfRows(type, name).Name);
        if (_connections.Relay is not null)
        {
            Slot.Swapping = _usage.Track;
        }
    }

    /// <summary>Raised after another release, or none, became active: in order, on a pool thread that no call and no update waits for. An
    /// exception of a handler is logged.</summary>
    public event EventHandler<ModelChangedEventArgs>? ModelChanged;

    /// <summary>Raised for each refusal that the update before did not have, on the same terms as <see cref="ModelChanged"/>.</summary>
    public event EventHandler<RefusedEventArgs>? Refused;

    /// <summary>The models that the options name, each once.</summary>
    public IReadOnlyCollection<IRelayModel> Models => _models.Values;

    /// <summary>What the node runs, what it refused and how it is steered, at this moment.</summary>
    public SyncStatus Status => _updates.State.Status;

    /// <summary>Takes rows and labels for the datasets of the relay.</summary>
    public IRelaySamples Samples => _samples.Recorder;

    internal RelaySyncOptions Options => _options;

    internal ReleaseSlot Slot { get; } = new();

    /// <summary>Why the store cannot be written at this time; null when it can.</summary>
    internal Refusal? StoreFault => _updates.Store.Fault;

    /// <summary>Completes when the handlers of all events raised before have returned.</summary>
    internal Task EventsHandled => _events.Handled;

    /// <summary>Completes when the last shadow trial has ended and its release was activated, refused or abandoned.</summary>
    internal Task ShadowSettled => _trials.Settled;

    /// <summary>The model of that name, ready or not.</summary>
    /// <exception cref="ArgumentException">The options do not name the model.</exception>
    public IRelayModel Model(string name) => _models.GetValueOrDefault(name)
        ?? throw new ArgumentException($"this node does not run '{name}': add it to RelaySyncOptions.Models", nameof(name));

    /// <summary>The active version of a model, with the release that it is active in; both are of one moment.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="release">The release's number, from 1; 0 where no version is active.</param>
    /// <returns>Null where no version is active.</returns>
    public ActiveModelVersion? FindActive(string name, out int release)
    {
        LoadedRelease? current = Slot.Current;
        ActiveModelVersion? version = current?.Scorers.GetValueOrDefault(name)?.Version;
        release = version is null ? 0 : current!.Number;
        return version;
    }

    /// <summary>The model that takes rows of a type.</summary>
    /// <typeparam name="TRow">A type that <see cref="RelaySyncOptions.AddModel{TRow}(string)"/> named.</typeparam>
    /// <param name="name">Needed where several models take such rows.</param>
    /// <exception cref="ArgumentException">No model of the options takes such rows, or several do.</exception>
    public IRelayModel<TRow> Model<TRow>(string? name = null) =>
        new RelayModelOfRows<TRow>(ModelOfRows(typeof(TRow), name), Slot);

    /// <summary>Activates the last good release of the store, without any request. Everything in the store is verified again. What cannot be read
    /// is in <see cref="SyncStatus.CurrentRefusals"/>, and each update tries again.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken = default)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _updates.Reporter.Report(_updates.Store.Prepare());
            _updates.State.ReadSteering();
            _updates.Reporter.Report(_samples.DeleteIfOff());
            Refusal? refusal = await _updates.Fallback.RestoreAsync(cancellationToken).ConfigureAwait(false);
            _updates.Reporter.ReportAll(_updates.Store.TakeFileFaults());
            if (refusal is { Reason: RefusalReason.TrustedRootInvalid })
            {
                _updates.Reporter.Report(refusal);
            }
            else if (refusal is not null)
            {
                _logger.NothingStored(refusal.Detail);
            }

            _updates.Reporter.WarnIfStale(_updates.State);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Completes when a release is active, at once where one is: for an app that has nothing to do before. A host updates by itself; without
    /// one, call <see cref="RestoreAsync"/> and <see cref="RefreshAsync"/>.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => Slot.Ready.WaitAsync(cancellationToken);

    /// <summary>Sends the rows and labels that wait to the relay. A host does so by itself, each <see cref="SampleOptions.Interval"/>.</summary>
    /// <returns>Why some were not sent, or not taken; null where the relay has all.</returns>
    public async Task<Refusal?> SendSamplesAsync(CancellationToken cancellationToken = default)
    {
        Refusal? refusal = await _samples.SendAsync(cancellationToken).ConfigureAwait(false);
        _updates.Reporter.Report(refusal);
        _updates.State.SampleRefusal = refusal;
        return refusal;
    }

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

    /// <summary>Makes all models unready, closes the connections and the store, and frees each scorer when its last call has ended.</summary>
    public void Dispose() => _ = StopAsync();

    /// <summary>As <see cref="Dispose"/>, and waits until a shadow trial has ended.</summary>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <summary>Plans the next poll after an update.</summary>
    /// <param name="isThrough">True when nothing was refused.</param>
    internal void PlanNext(UpdateSchedule schedule, bool isThrough) =>
        schedule.UpdateEnded(_updates.State.TimestampVersion, isThrough, _connections.Relay?.AskedPace ?? TimeSpan.Zero);

    /// <summary>Follows the relay's event stream until it is cancelled; returns at once where there is none to follow.</summary>
    internal Task FollowEventsAsync(UpdateSchedule schedule, CancellationToken cancellationToken) =>
        _options.Push && _connections.Relay is { } relay
            ? new EventFollower(
                relay, _options.Channel, schedule, _connections.Pushed, () => _updates.State.TimestampVersion,
                isOpen => _updates.State.HasEventStream = isOpen, _updates.TimeProvider, _logger).RunAsync(cancellationToken)
            : Task.CompletedTask;

    /// <summary>Applies changed options as far as a running node can.</summary>
    /// <returns>The names of those that it applied, and of those that need another start.</returns>
    internal async Task<(IReadOnlyList<string> Applied, IReadOnlyList<string> Others)> ApplyAsync(RelaySyncOptions next)
    {
        await _oneAtATime.WaitAsync().ConfigureAwait(false);
        try
        {
            (IReadOnlyList<string> live, IReadOnlyList<string> others) = OptionsDifference.Find(_options, next);
            (_options.PollInterval, _options.MaintenanceWindow) = (next.PollInterval, next.MaintenanceWindow);
            _updates.Gate.SetWindow(next.MaintenanceWindow);
            _options.Require.Clear();
            foreach (string gate in next.Require)
            {
                _options.Require.Add(gate);
            }

            return (live, others);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Adds a refusal to the status, the log and the next check-in.</summary>
    internal void Report(Refusal refusal) => _updates.Reporter.Report(refusal);

    /// <summary>As <see cref="Report"/>, of an exception that nothing expects.</summary>
    internal void ReportUnexpected(Exception exception) => _updates.Reporter.ReportUnexpected(exception);

    /// <summary>True where a model, of that name if there is one, takes rows of a type.</summary>
    internal bool TakesRows(Type rowType, string? name) => _options.RowTypes.Any(t => t.Type == rowType && (name ?? t.Model) == t.Model);

    internal IRelayModel ModelOfRows(Type rowType, string? name)
    {
        string[] found = [.. _options.RowTypes.Where(t => t.Type == rowType && (name ?? t.Model) == t.Model).Select(t => t.Model).Distinct()];
        return found switch
        {
            [string only] => Model(only),
            [] => throw new ArgumentException($"no model takes rows of {rowType.Name}: name both with RelaySyncOptions.AddModel<{rowType.Name}>"),
            _ => throw new ArgumentException($"{string.Join(" and ", found)} take rows of {rowType.Name}: ask for one by name"),
        };
    }

    private void RaiseRefused(RefusalReport report)
    {
        _telemetry.CountRefusal(report.Reason);
        _events.Raise(Refused, this, new RefusedEventArgs(report));
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

    // An update that still runs saves what is closed, and the open window is lost: two must not write to the store.
    private void SaveUsage()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) == 0 && _connections.Relay is not null && _updates.Store.Fault is null && _oneAtATime.Wait(0))
        {
            _usage.Stop(_updates.Quarantine.Artifacts);
            _updates.Store.GiveUpUnwrittenUsage();
            _updates.Store.Flush();
            _oneAtATime.Release();
        }
    }

    private Task StopAsync()
    {
        _window.Dispose();
        Task trialEnded = _updates.State.AbandonNextAsync();
        Slot.Swap(null);
        SaveUsage();
        _updates.Reporter.Report(_samples.Save());
        _connections.Dispose();
        _telemetry.Dispose();
        _updates.Identity.Dispose();
        _updates.Store.Dispose();
        return trialEnded;
    }
}
