using Microsoft.Extensions.Logging;
using Sync.Client.Reports;
using Sync.Client.Scoring;
using Sync.Client.Storage;
using Sync.Client.Trust;
using Sync.Client.Updates.Schemas;

namespace Sync.Client.Updates;

/// <summary>What all updates of one node work with.</summary>
internal sealed class UpdateServices
{
    public UpdateServices() => Fallback = new ReleaseFallback(this);

    public required RelaySyncOptions Options { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    public required ILogger Logger { get; init; }

    public required NodeState State { get; init; }

    public required NodeStore Store { get; init; }

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
}
