using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Shared.Contracts.Api;

namespace Relay.Server.Models.Comparison;

internal static class ComparisonEndpoints
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet(Routes.Models + "/{name}/versions/{version:int}/compare", Compare)
        .WithSummary("Compares a version with another one of the same model, by their cards").RequireAuthorization(AccessPolicies.Audit);

    /// <param name="other">The version to compare with.</param>
    private static Results<Ok<VersionComparison>, ProblemHttpResult> Compare(
        string name, int version, [FromQuery(Name = "with")] int? other, VersionStore versions)
    {
        if (other is not { } with)
        {
            return RelayProblems.MalformedRequest("Name the version to compare with, as in ?with=2.");
        }

        return versions.Find(name, version) is not { } first ? ModelProblems.UnknownVersion(name, version)
            : versions.Find(name, with) is not { } second ? ModelProblems.UnknownVersion(name, with)
            : TypedResults.Ok(VersionComparer.Compare(first.Card, second.Card));
    }
}
