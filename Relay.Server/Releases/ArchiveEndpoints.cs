using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Models;
using Shared.Contracts.Api;

namespace Relay.Server.Releases;

/// <summary>Archives and restores models.</summary>
internal static class ArchiveEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder change = app.MapGroup(Routes.Models + "/{name}").RequireAuthorization(AccessPolicies.Operate);
        change.MapPost("archive", ArchiveAsync).WithSummary("Archives a model that no channel names; its versions stay");
        change.MapPost("restore", Restore).WithSummary("Restores a model that is archived");
    }

    private static async Task<Results<Ok<ModelView>, ProblemHttpResult>> ArchiveAsync(
        string name, ModelArchive archive, ModelStore models, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await archive.ArchiveAsync(name, ApiKeyAuthentication.FindKey(user), cancellationToken) is { } problem
            ? problem
            : TypedResults.Ok(models.Find(name));

    private static Results<Ok<ModelView>, ProblemHttpResult> Restore(string name, ModelStore models, ClaimsPrincipal user)
    {
        models.Restore(name, ApiKeyAuthentication.FindKey(user));
        return models.Find(name) is { } model ? TypedResults.Ok(model) : ModelProblems.UnknownModel(name);
    }
}
