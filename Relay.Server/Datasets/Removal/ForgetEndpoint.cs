using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Datasets.Removal;

/// <summary>Deletes samples at somebody's request.</summary>
internal static class ForgetEndpoint
{
    /// <summary>As many ids as a request may have, each as long as it may be.</summary>
    private const int MaximumBytes = 2 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder app) => app.MapPost(Routes.Datasets + "/{name}/forget", Forget)
        .WithSummary("Deletes rows of a dataset by their ids")
        .RequireAuthorization(AccessPolicies.Train)
        .WithMetadata(new RequestSizeLimitAttribute(MaximumBytes));

    private static async Task<Results<Ok<ForgetReport>, ProblemHttpResult>> Forget(
        string name, ForgetRequest request, DatasetStore datasets, TemporaryCopies copies, SamplePurge purge, TimeProvider timeProvider,
        CancellationToken cancellationToken)
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

        // Only older copies may have them. The caller's end must not leave them in the file.
        IReadOnlyList<string> older = copies.Find(name);
        PurgeOutcome outcome = await purge.RunAsync(dataset.Samples, TimeSpan.Zero, CancellationToken.None);
        return TypedResults.Ok(new ForgetReport(
            removed, request.Ids.Count - removed, outcome is PurgeOutcome.Done && !copies.HasAnyOf(older)));
    }

    private static (string Path, string Expected)? FindError(IReadOnlyList<string> ids)
    {
        if (ids.Count is 0 or > SampleBounds.Ids)
        {
            return ("$.ids", $"1 to {SampleBounds.Ids} ids");
        }

        // Also what an earlier relay took as an id.
        int wrong = ids.ToList().FindIndex(id => !RelayName.IsValidNode(id));
        return wrong >= 0 ? ($"$.ids[{wrong}]", RelayName.NodeRule) : null;
    }
}
