using ProtectedSite.Load;
using ProtectedSite.Scoring;
using Shared.Contracts.Api;
using Sync.Client;
using Sync.Client.AspNetCore;

namespace ProtectedSite.Pages;

/// <summary>The node's state as JSON.</summary>
internal static class StatusPage
{
    public static void MapStatus(this IEndpointRouteBuilder site)
    {
        RouteGroupBuilder relay = site.MapGroup("/relay").WithoutThreatScoring();
        relay.MapGet("status", Status);
        relay.MapGet("recent", (VerdictLog log) => log.Recent);
        relay.MapPost("refresh", RefreshAsync);
    }

    private static NodeState Status(SyncClient client, LoadGenerator load, SiteSettings settings)
    {
        SyncStatus status = client.Status;
        ActiveModel? model = status.Models.FirstOrDefault();
        return new NodeState(
            status.Node, settings.Model,
            model is null ? null : new ActiveState(model.Version, status.Release, model.Sha256, model.Scorer),
            [.. status.Quarantine.Select(q => q.Version)], status.Quarantine, status.RecentRefusals, status.Stale, status.Steering.ToString(),
            status.Shadow, load.Counts);
    }

    // The admin of a node does not have to wait for the next poll.
    private static async Task<RefreshAnswer> RefreshAsync(SyncClient client, CancellationToken cancellationToken)
    {
        RefreshResult result = await client.RefreshAsync(cancellationToken);
        return new RefreshAnswer(result.Activated, result.Refusal?.Reason.ToString());
    }
}

/// <param name="Active">Null before the first version.</param>
/// <param name="Quarantined">Versions that this node will not try again.</param>
/// <param name="Steering">Who decides what the node runs.</param>
/// <param name="Shadow">Comparisons of shadow versions with the active one.</param>
/// <param name="Predictions">Of requests and of the load generator.</param>
internal sealed record NodeState(
    string Node, string Model, ActiveState? Active, IReadOnlyList<int> Quarantined, IReadOnlyList<QuarantinedArtifact> Quarantine,
    IReadOnlyList<RefusalReport> Refusals, bool Stale, string Steering, IReadOnlyList<ShadowReport> Shadow, PredictionCounts Predictions);

internal sealed record ActiveState(int Version, int Release, string Sha256, string Scorer);

internal sealed record RefreshAnswer(bool Activated, string? Refused);
