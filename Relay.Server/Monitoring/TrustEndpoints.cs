using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Access;
using Shared.Contracts.Api;

namespace Relay.Server.Monitoring;

internal static class TrustEndpoints
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(Routes.Trust, View).WithSummary("Shows keys, versions and expiry of the metadata").RequireAuthorization(AccessPolicies.Audit);

    private static Ok<TrustView> View(TrustOverview trust) => TypedResults.Ok(trust.View());
}
