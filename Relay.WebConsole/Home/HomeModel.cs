using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Home;

/// <summary>What the first page shows: sums, and of each list the first items, whatever the size of the fleet.</summary>
public sealed record HomeModel
{
    private const int Rows = 8;
    private const int Activities = 10;

    /// <summary>About half of the entries are requests, which their answers repeat.</summary>
    private const int Read = 3 * Activities;

    public required FleetView Fleet { get; init; }

    public required IReadOnlyList<ChannelView> Channels { get; init; }

    /// <summary>Those that move, then the last ones.</summary>
    public required IReadOnlyList<RolloutView> Rollouts { get; init; }

    public required IReadOnlyList<TrainingRun> Runs { get; init; }

    /// <summary>The runs among them that a trigger started lately because samples had drifted.</summary>
    public required IReadOnlyList<DriftedSamples> Drifts { get; init; }

    public required IReadOnlyList<PendingView> Pending { get; init; }

    public required IReadOnlyList<TrustExpiryView> Expiries { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required IReadOnlyList<AuditEntry> Activity { get; init; }

    public IReadOnlyList<Concern> Concerns => Concern.Find(this);

    internal static async Task<HomeModel> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        FleetView fleet = await request.Api.Nodes.ReadFleetAsync(cancellationToken: cancellationToken);
        IReadOnlyList<TrainingRun> runs =
            await request.ReadFirstAsync(Routes.TrainingRuns, Rows, RelayApiJson.Default.PageTrainingRun, cancellationToken);
        return new()
        {
            Fleet = fleet,
            Channels = await request.ReadFirstAsync(Routes.Channels, Rows, RelayApiJson.Default.PageChannelView, cancellationToken),
            Rollouts = await request.ReadFirstAsync(Routes.Rollouts, Rows, RelayApiJson.Default.PageRolloutView, cancellationToken),
            Runs = runs,
            Drifts = await DriftedSamples.FindAsync(request, runs.Where(run => run.CreatedAt > fleet.At - Concern.Shown), cancellationToken),
            Pending = await request.ReadFirstAsync(Routes.Pending, Rows, RelayApiJson.Default.PagePendingView, cancellationToken),
            Expiries = (await request.Api.Status.ReadTrustAsync(cancellationToken)).Expiries,
            Warnings = (await request.Api.Status.ReadReadinessAsync(cancellationToken)).Warnings,
            Activity =
            [
                .. (await request.ReadFirstAsync(Routes.Audit, Read, RelayApiJson.Default.PageAuditEntry, cancellationToken))
                    .Where(ActivityText.IsOutcome).Take(Activities),
            ],
        };
    }
}
