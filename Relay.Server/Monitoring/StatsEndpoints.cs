using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Access;
using Shared.Contracts.Api;

namespace Relay.Server.Monitoring;

internal static class StatsEndpoints
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(Routes.LegacyStats, Stats).WithSummary("Counts versions, nodes, calls and requests").RequireAuthorization(AccessPolicies.Audit);

    private static async Task<Ok<RelayStats>> Stats(RelayStatistics statistics) => TypedResults.Ok(await statistics.ReadAsync());
}
