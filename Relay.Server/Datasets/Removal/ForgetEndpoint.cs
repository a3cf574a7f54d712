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

    private const int BatchRows = 5000;

    public static void Map(IEndpointRouteBuilder app) => app.MapPost(Routes.Datasets + "/{name}/forget", ForgetAsync)
        .WithSummary("Deletes rows of a dataset by their ids, or those of a source")
        .RequireAuthorization(AccessPolicies.Train)
        .WithMetadata(new RequestSizeLimitAttribute(MaximumBytes));

    private static async Task<Results<Ok<ForgetReport>, ProblemHttpResult>> ForgetAsync(
        string name, ForgetRequest request, DatasetStore datasets, TemporaryCopies copies, SamplePurge purge, StorageHealth storage,
        TimeProvider timeProvider, CancellationToken cancellationToken)
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
            long now = Instant.Now(timeProvider);
            int removed = request.Source is { } source
                ? await ForgetSourceAsync(dataset, source, now, cancellationToken)
                : await RemoveAsync(dataset, remover => request.Ids.Count(id => remover.Forget(id, now)), cancellationToken);

            // Only older copies may have them. The caller's end must not leave them in the file.
            IReadOnlyList<string> older = copies.Find(name);
            PurgeOutcome outcome = await purge.RunAsync(dataset.Samples, TimeSpan.Zero, CancellationToken.None);
            int unknown = request.Source is null ? request.Ids.Count - removed : 0;
            return TypedResults.Ok(new ForgetReport(removed, unknown, outcome is PurgeOutcome.Done && !copies.HasAnyOf(older)));
        }
        catch (Exception full) when (StorageHealth.IsDiskFull(full))
        {
            storage.Report(full);
            return RelayProblems.DiskFull();
        }
    }

    // In parts: uploads do not wait until all of a source is deleted.
    private static async Task<int> ForgetSourceAsync(Dataset dataset, string source, long now, CancellationToken cancellationToken)
    {
        int sum = 0;
        for (int removed = BatchRows; removed == BatchRows;)
        {
            removed = await RemoveAsync(dataset, remover => remover.ForgetSource(source, BatchRows, now), cancellationToken);
            sum += removed;
        }

        return sum;
    }

    private static Task<int> RemoveAsync(Dataset dataset, Func<SampleRemover, int> remove, CancellationToken cancellationToken) =>
        dataset.Samples.WriteAsync(
            (connection, transaction) =>
            {
                SampleRemover remover = new(connection, transaction);
                int removed = remove(remover);
                remover.Complete();
                return removed;
            },
            cancellationToken);

    private static (string Path, string Expected)? FindError(ForgetRequest request)
    {
        if (request.Source is not null)
        {
            return request.Ids.Count > 0 ? ("$.source", "ids or a source, not both") : null;
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
