using Microsoft.Extensions.Logging;
using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client.Hosting;
using Sync.Client.Reports;
using Sync.Client.Scoring;
using Sync.Client.Storage;
using Sync.Client.Transport;
using Sync.Client.Trust;
using Sync.Client.Updates;
using Sync.Client.Updates.Shadow;

namespace Sync.Client;

/// <summary>Keeps a node's models current: refresh the metadata, plan, download, verify, try out, swap, report. Whatever is refused
/// leaves what runs running.</summary>
public sealed partial class SyncClient : IDisposable
{
    private readonly RelaySyncOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Dictionary<string, RelayModel> _models;
    private readonly ReleaseSlot _slot = new();
    private readonly NodeStore _store;
    private readonly RelayConnections _network;
    private readonly StoredTrust _storedTrust;
    private readonly TrustUpdater _trust;
    private readonly QuarantineList _quarantine;
    private readonly ReleaseKeeper _releases;
    private readonly RefusalLog _refusals;
    private readonly EventQueue _events;
    private NodeTrust? _believed;
    private ShadowTrial? _watched;
    private DateTimeOffset? _lastRefresh;

    /// <summary>Opens the store; nothing is loaded or asked yet.</summary>
    /// <exception cref="RelaySyncException">The store cannot be used.</exception>
    public SyncClient(RelaySyncOptions options, TimeProvider timeProvider, ILogger<SyncClient> logger)
        : this(options, timeProvider, logger, new StoreFiles())
    {
    }

    internal SyncClient(RelaySyncOptions options, TimeProvider timeProvider, ILogger<SyncClient> logger, StoreFiles files)
    {
        (_options, _timeProvider, _logger) = (options, timeProvider, logger);
        _models = options.Models.ToDictionary(m => m, m => new RelayModel(m, _slot), StringComparer.Ordinal);
        _store = NodeStore.Open(options.StoreFolder, files);
        _quarantine = new QuarantineList(_store, timeProvider);
        _releases = new ReleaseKeeper(options, timeProvider, _store, _quarantine, _slot, logger);
        _refusals = new RefusalLog(timeProvider);
        _events = new EventQueue(logger);
        _network = new RelayConnections(options, _refusals, timeProvider, Note);

        RootChain roots = new(options.TrustedRoot, _store, timeProvider);
        TrustDocuments documents = new(options.Channel);
        _storedTrust = new StoredTrust(_store, roots, documents, timeProvider);
        _trust = new TrustUpdater(new MetadataRefresher(_store, roots, timeProvider), _store, documents, _storedTrust, timeProvider);
    }

    /// <summary>Another release answers, or none. Raised after the swap, in order, on a pool thread that no call and no refresh waits
    /// for; a handler that throws is logged.</summary>
    public event EventHandler<ModelChangedEventArgs>? ModelChanged;

    /// <summary>Something was refused that was not refused at the attempt before. Raised in the same way.</summary>
    public event EventHandler<RefusedEventArgs>? Refused;

    public IReadOnlyCollection<IRelayModel> Models => _models.Values;

    public SyncStatus Status => new(
        _options.NodeId, _options.Channel, _slot.Current?.Number ?? 0, IsStale,
        [.. (_slot.Current?.Scorers.Values ?? []).Select(s => new ActiveModel(
            s.Version.Name, s.Version.Version, s.Version.Sha256, s.Version.Scorer.ToString().ToLowerInvariant(), s.Predictions, s.Failures))],
        _refusals.Recent, _quarantine.Artifacts, _lastRefresh)
    {
        Steering = _releases.Steering,
        Shadow = _releases.Shadow,
    };

    internal ReleaseSlot Slot => _slot;

    /// <summary>Ends when handlers heard of all that happened before.</summary>
    internal Task EventsTold => _events.Told;

    /// <summary>Ends when the release that was last run beside the one that answers was taken, refused or given up.</summary>
    internal Task ShadowSettled { get; private set; } = Task.CompletedTask;

    private bool IsStale => _believed is { } trust && trust.ExpiresAt <= _timeProvider.GetUtcNow();

    /// <exception cref="ArgumentException">The options do not name the model.</exception>
    public IRelayModel Model(string name) => _models.GetValueOrDefault(name)
        ?? throw new ArgumentException($"the node does not run '{name}': add it to RelaySyncOptions.Models", nameof(name));

    /// <summary>A model by the type of its rows.</summary>
    /// <param name="name">Needed where several models take such rows.</param>
    /// <exception cref="ArgumentException">No model of the options takes such rows, or several do.</exception>
    public IRelayModel<TRow> Model<TRow>(string? name = null) =>
        new RelayModelOfRows<TRow>(ModelOfRows(typeof(TRow), name), _slot);

    /// <summary>Serves what ran last, from the store alone, with the relay away or not.</summary>
    /// <exception cref="RelaySyncException">The installation's trusted root is not usable.</exception>
    public async Task RestoreAsync(CancellationToken cancellationToken = default)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Result<NodeTrust> trust = await _storedTrust.LoadAsync(cancellationToken).ConfigureAwait(false);
            if (!trust.IsAccepted)
            {
                _logger.NothingStored(trust.Refusal.Detail);
                return;
            }

            _believed = trust.Value;
            await ReturnToLastGoodAsync(trust.Value, ModelChangeCause.Restore, cancellationToken).ConfigureAwait(false);
            WarnWhenStale();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Asks the relay, then its mirrors, and takes what the channel says, if all of it holds. Calls wait for each other.</summary>
    /// <exception cref="IOException">The store cannot be read or written; what runs goes on.</exception>
    public Task<RefreshResult> RefreshAsync(CancellationToken cancellationToken = default) =>
        UpdateFromAsync(_network.Sources, null, cancellationToken);

    /// <summary>Runs one release, from the relay or else from the node's store, until the node is told to follow its channel again or the
    /// release is revoked. Verified and tried out like any other; when it is refused, all stays as it was.</summary>
    /// <exception cref="IOException">The store cannot be read or written; what runs goes on.</exception>
    public Task<RefreshResult> PinAsync(int release, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(release, 1);
        return UpdateFromAsync(_network.Sources, NodeSteering.PinnedTo(release), cancellationToken);
    }

    /// <summary>Lets nothing new become active until the node is told to follow its channel again. What runs and is revoked is left all the
    /// same.</summary>
    /// <exception cref="IOException">The store cannot be written; all stays as it was.</exception>
    public Task<RefreshResult> HoldAsync(CancellationToken cancellationToken = default) =>
        UpdateFromAsync(_network.Sources, NodeSteering.Held, cancellationToken);

    /// <summary>Ends a pin or a hold, and takes what the channel says.</summary>
    /// <exception cref="IOException">The store cannot be read or written; what runs goes on.</exception>
    public Task<RefreshResult> FollowAsync(CancellationToken cancellationToken = default) =>
        UpdateFromAsync(_network.Sources, NodeSteering.Following, cancellationToken);

    /// <summary>Takes what a bundle says, by the same rules as if a relay had said it: one file that <c>relay bundle export</c> wrote,
    /// brought to a node that has no network. Calls wait for each other and for a refresh.</summary>
    /// <exception cref="IOException">The bundle cannot be opened, or the store not read or written; what runs goes on.</exception>
    public async Task<RefreshResult> ImportAsync(string bundlePath, CancellationToken cancellationToken = default)
    {
        using FileStream file = new(bundlePath, FileMode.Open, FileAccess.Read, FileShare.Read);
        RepositorySources source = new([new BundleRepository(Path.GetFileName(bundlePath), file)], Note);
        return await UpdateFromAsync(source, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives artifacts in quarantine another chance, with the next refresh: for an operator who removed the cause.</summary>
    /// <param name="sha256">Lower-case hexadecimal; null for all of them.</param>
    /// <returns>How many were lifted.</returns>
    /// <exception cref="IOException">The store cannot be written: all stay.</exception>
    public async Task<int> LiftQuarantineAsync(string? sha256 = null, CancellationToken cancellationToken = default)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<string> lifted = _quarantine.Lift(sha256);
            _store.Flush();
            foreach (string digest in lifted)
            {
                _logger.Lifted(digest);
            }

            return lifted.Count;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Stops answering, once the calls that run have left, and frees the store.</summary>
    public void Dispose()
    {
        _releases.AbandonTrial();
        _slot.Swap(null);
        _network.Dispose();
        _store.Dispose();
    }

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
}
