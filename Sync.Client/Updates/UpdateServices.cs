using Microsoft.Extensions.Logging;
using Shared.Contracts.Api;
using Sync.Client.Identity;
using Sync.Client.Reports;
using Sync.Client.Scoring;
using Sync.Client.Storage;
using Sync.Client.Trust;
using Sync.Client.Updates.Maintenance;
using Sync.Client.Updates.Schemas;

namespace Sync.Client.Updates;

/// <summary>What all updates of one node work with.</summary>
internal sealed class UpdateServices
{
    private UpdateServices(string? maintenanceWindow)
    {
        Fallback = new ReleaseFallback(this);
        Gate = new MaintenanceGate(this, maintenanceWindow);
    }

    public required RelaySyncOptions Options { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    public required ILogger Logger { get; init; }

    public required NodeState State { get; init; }

    public required NodeStore Store { get; init; }

    public required NodeIdentity Identity { get; init; }

    public required ReleaseSlot Slot { get; init; }

    public required QuarantineList Quarantine { get; init; }

    public required SchemaGuard Schemas { get; init; }

    public required RefusalLog Refusals { get; init; }

    public required TrustUpdater Trust { get; init; }

    public required StoredTrust StoredTrust { get; init; }

    public required ReleasePlanner Planner { get; init; }

    public required ModelTryOut TryOut { get; init; }

    public required ReleaseActivator Activator { get; init; }

    public required UpdateReporter Reporter { get; init; }

    public ReleaseFallback Fallback { get; }

    public MaintenanceGate Gate { get; }

    /// <param name="slot">Of the active release.</param>
    /// <param name="raiseModelChanged">Raises the node's event of that name.</param>
    /// <param name="raiseRefused">Raises the node's event of that name.</param>
    public static UpdateServices Create(
        RelaySyncOptions options, TimeProvider timeProvider, ILogger logger, NodeStore store, ReleaseSlot slot,
        Action<ModelChangedEventArgs> raiseModelChanged, Action<RefusalReport> raiseRefused)
    {
        RootChain roots = new(options.TrustedRoot, store, timeProvider);
        TrustDocuments documents = new(options.Channel);
        QuarantineList quarantine = new(store, timeProvider);
        SchemaGuard schemas = new(options, store);
        RefusalLog refusals = new(timeProvider);
        EarlierTargets earlier = new(store, roots, timeProvider);
        StoredTrust storedTrust = new(store, roots, documents, earlier, timeProvider);
        return new UpdateServices(options.MaintenanceWindow)
        {
            Options = options,
            TimeProvider = timeProvider,
            Logger = logger,
            State = new NodeState(options, timeProvider, store, slot, quarantine, schemas, refusals),
            Store = store,
            Identity = new NodeIdentity(options.NodeId, store, timeProvider),
            Slot = slot,
            Quarantine = quarantine,
            Schemas = schemas,
            Refusals = refusals,
            Trust = new TrustUpdater(
                new MetadataRefresher(store, roots, timeProvider), store, documents, storedTrust, options.TrustedRoot, timeProvider),
            StoredTrust = storedTrust,
            Planner = new ReleasePlanner(options.Models, earlier),
            TryOut = new ModelTryOut(options, quarantine, schemas),
            Activator = new ReleaseActivator(store, slot, schemas, earlier, logger),
            Reporter = new UpdateReporter(options, slot, refusals, logger, raiseModelChanged, raiseRefused),
        };
    }
}
