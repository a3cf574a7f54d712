using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet;

internal static class FleetEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost(Routes.CheckIns, CheckIn)
            .WithMetadata(new RequestSizeLimitAttribute(CheckInBounds.Bytes))
            .RequireRateLimiting(RateLimits.OpenRoutes);
        app.MapGet(Routes.Nodes, List).RequireAuthorization(AccessPolicies.Admin);
        app.MapGet(Routes.CheckIns, History).RequireAuthorization(AccessPolicies.Admin);
    }

    private static Results<NoContent, ProblemHttpResult> CheckIn(string id, CheckIn report, NodeStore nodes)
    {
        Dictionary<string, string> errors = CheckInValidator.Validate(id, report);
        if (errors.Count > 0)
        {
            return FleetProblems.InvalidCheckIn(errors);
        }

        return nodes.TryStore(report) ? TypedResults.NoContent() : FleetProblems.FleetFull(NodeStore.MaximumNodes);
    }

    private static Ok<Page<NodeView>> List(NodeStore nodes, string? cursor, int? limit)
    {
        int size = Paging.Limit(limit);
        return TypedResults.Ok(Paging.ToPage(nodes.List(cursor, size + 1), size, node => node.Id));
    }

    private static Results<Ok<Page<NodeView>>, ProblemHttpResult> History(string id, NodeStore nodes)
    {
        IReadOnlyList<NodeView> history = nodes.History(id);
        return history.Count > 0
            ? TypedResults.Ok(new Page<NodeView>(history, null))
            : FleetProblems.UnknownNode(id);
    }
}
