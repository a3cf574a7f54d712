using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet.Usage;

internal static class FleetOverviewEndpoint
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet(Routes.Fleet, Read)
        .WithSummary("Sums up the fleet: nodes, versions, calls, failures, refusals").RequireAuthorization(AccessPolicies.Audit);

    /// <param name="hours">The hours of usage and refusals to add up, the current one included.</param>
    private static Results<Ok<FleetView>, ProblemHttpResult> Read(FleetOverview fleet, int? hours) =>
        hours is null or (>= 1 and <= UsageTable.KeptHours)
            ? TypedResults.Ok(fleet.Read(hours ?? FleetOverview.DefaultHours))
            : RelayProblems.MalformedRequest($"'hours' is the number of hours to add up, 1 to {UsageTable.KeptHours}.");
}
