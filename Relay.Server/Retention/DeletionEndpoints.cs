using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Training;
using Shared.Contracts.Api;

namespace Relay.Server.Retention;

/// <summary>Deletes single versions and training runs.</summary>
internal static class DeletionEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder change = app.MapGroup("").RequireAuthorization(AccessPolicies.Operate);
        change.MapDelete(Routes.Models + "/{name}/versions/{version:int}", DeleteVersionAsync)
            .WithSummary("Deletes a version that was never published and that nothing names");
        change.MapDelete(Routes.TrainingRuns + "/{id:long}", DeleteRun)
            .WithSummary("Deletes a training run that has ended and has no version");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteVersionAsync(
        string name, int version, VersionDeletion versions, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await versions.DeleteAsync(new(name, version), ApiKeyAuthentication.FindKey(user)!, cancellationToken) switch
        {
            null => TypedResults.NoContent(),
            VersionHold.Unknown => ModelProblems.UnknownVersion(name, version),
            var hold => ModelProblems.VersionInUse(name, version, Describe(hold.Value)),
        };

    private static Results<NoContent, ProblemHttpResult> DeleteRun(long id, RunDeletion deletion, TrainingRunStore runs, ClaimsPrincipal user) =>
        deletion.Delete(id, ApiKeyAuthentication.FindKey(user)!) switch
        {
            true => TypedResults.NoContent(),
            null => TrainingProblems.UnknownRun(id),
            false => runs.Find(id) is { IsFinished: false } ? TrainingProblems.RunUnfinished(id) : TrainingProblems.RunInUse(id),
        };

    private static string Describe(VersionHold hold) => hold switch
    {
        VersionHold.Published => "it is published, and releases, channels and the history of nodes go on naming it. To stop it, revoke it",
        VersionHold.Revoked => "it is revoked, and the reason has to stay with it",
        VersionHold.Pending => "a publication that waits for signatures names it. Delete that one first, by 'relay pending delete'",
        VersionHold.InRollout => "a rollout names it, or did, and the history of rollouts stays",
        _ => "an alias names it, or did, and the history of aliases stays",
    };
}
