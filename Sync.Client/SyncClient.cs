using Microsoft.Extensions.Logging;
using Shared.Contracts;
using Shared.Contracts.Api;
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
public sealed partial class SyncClient : IDisposable, IAsyncDisposable
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

    /// <summary>Makes all models unready, closes the connections and the store, and frees each scorer when its last call has ended.</summary>
    public void Dispose() => _ = StopAsync();

    /// <summary>As <see cref="Dispose"/>, and waits until a shadow trial has ended.</summary>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private void RaiseRefused(RefusalReport report)
    {
        _telemetry.CountRefusal(report.Reason);
        _events.Raise(Refused, this, new RefusedEventArgs(report));
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
