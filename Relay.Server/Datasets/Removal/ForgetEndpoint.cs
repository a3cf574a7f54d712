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

    public static void Map(IEndpointRouteBuilder app) => app.MapPost(Routes.Datasets + "/{name}/forget", ForgetAsync)
        .WithSummary("Deletes rows of a dataset by their ids, or those of a source")
        .ExpectDeletion()
        .RequireAuthorization(AccessPolicies.Train)
        .WithMetadata(new RequestSizeLimitAttribute(MaximumBytes));

    private static async Task<Results<Ok<ForgetReport>, ProblemHttpResult>> ForgetAsync(
        string name, ForgetRequest request, DatasetStore datasets, ForgetService service, StorageHealth storage,
        CancellationToken cancellationToken)
    {
        if (FindError(request) is { } error)
        {
            return DatasetProblems.InvalidForget(error.Path, error.Expected);
        }

        if (datasets.Find(name) is not { } dataset)
        {
            return DatasetProblems.Unknown(name);
        }

        try
        {
            ForgetReport? report = request.Source is { } source
                ? await service.ForgetSourceAsync(dataset, source, cancellationToken)
                : await service.ForgetAsync(dataset, request, cancellationToken);
            return report is null ? DatasetProblems.UnknownSource(name, request.Source!) : TypedResults.Ok(report);
        }
        catch (Exception full) when (StorageHealth.IsDiskFull(full))
        {
            storage.Report(full);
            return RelayProblems.DiskFull();
        }
    }

    private static (string Path, string Expected)? FindError(ForgetRequest request)
    {
        if (request.Source is not null)
        {
            return request.Ids.Count > 0 ? ("$.source", "ids or a source, not both")
                : request.HasMore ? ("$.hasMore", "false: a source takes one request")
                : null;
        }

        if (request.Ids.Count is 0 or > SampleBounds.Ids)
        {
            return ("$.ids", $"1 to {SampleBounds.Ids} ids");
        }

        // Also what an earlier relay took as an id.
        int wrong = request.Ids.ToList().FindIndex(id => !RelayName.IsValidNode(id));
        return wrong >= 0 ? ($"$.ids[{wrong}]", RelayName.NodeRule) : null;
    }
}
