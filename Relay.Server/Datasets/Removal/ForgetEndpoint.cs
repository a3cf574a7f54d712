using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Datasets.Removal;

/// <summary>Deletes samples at somebody's request.</summary>
internal static class ForgetEndpoint
{
    /// <summary>As many ids as a request may have, each as long as it may be.</summary>
    private const int MaximumBytes = 2 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder app) => app.MapPost(Routes.Datasets + "/{name}/forget", Forget)
        .RequireAuthorization(AccessPolicies.Train)
        .WithMetadata(new RequestSizeLimitAttribute(MaximumBytes));

    private static async Task<Results<Ok<ForgetReport>, ProblemHttpResult>> Forget(
        string name, ForgetRequest request, DatasetStore datasets, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (FindError(request.Ids) is { } error)
        {
            return DatasetProblems.InvalidForget(error.Path, error.Expected);
        }

        if (datasets.Find(name) is not { } dataset)
        {
            return DatasetProblems.Unknown(name);
        }

        int removed = await dataset.Samples.WriteAsync(
            (connection, transaction) =>
            {
                SampleRemover remover = new(connection, transaction);
                int found = request.Ids.Count(id => remover.Forget(id, Instant.Now(timeProvider)));
                remover.Complete();
                return found;
            },
            cancellationToken);

        // The caller's end must not leave the content in the log.
        bool isGone = await dataset.Samples.PurgeAsync(timeProvider, CancellationToken.None);
        return TypedResults.Ok(new ForgetReport(removed, request.Ids.Count - removed, isGone));
    }

    private static (string Path, string Expected)? FindError(IReadOnlyList<string> ids)
    {
        if (ids.Count is 0 or > SampleBounds.Ids)
        {
            return ("$.ids", $"1 to {SampleBounds.Ids} ids");
        }

        int wrong = ids.ToList().FindIndex(id => !SampleBounds.IsId(id));
        return wrong >= 0 ? ($"$.ids[{wrong}]", SampleBounds.IdRule) : null;
    }
}
