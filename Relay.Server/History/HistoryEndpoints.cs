using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.History.Evidence;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.History;

internal static class HistoryEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Routes.History, Get).WithSummary("Says what a node ran, and when").RequireAuthorization(AccessPolicies.Audit);
        app.MapGet(Routes.HistoryEvidence, Evidence)
            .WithSummary("Downloads the signed documents behind an answer").RequireAuthorization(AccessPolicies.Audit);
    }

    /// <param name="at">The time of the question; none: the whole history.</param>
    private static async Task<Results<Ok<NodeHistoryAnswer>, Ok<Page<NodeIntervalView>>, ProblemHttpResult>> Get(
        string id, NodeHistory history, NodeIntervals intervals, DateTimeOffset? at, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        if (at is { } instant)
        {
            return await history.AnswerAsync(id, instant, cancellationToken) is { } answer ? TypedResults.Ok(answer) : FleetProblems.UnknownNode(id);
        }

        long? before = null;
        if (cursor is not null)
        {
            if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                return RelayProblems.MalformedRequest("Give 'cursor' as the member 'next' of the page before.");
            }

            before = number;
        }

        return intervals.List(id, before, limit) is { } page ? TypedResults.Ok(page) : FleetProblems.UnknownNode(id);
    }

    /// <param name="artifacts">False leaves the artifacts out, so that their signatures cannot be verified.</param>
    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Evidence(
        string id, NodeHistory history, EvidenceArchive archive, DateTimeOffset? at, bool? artifacts, CancellationToken cancellationToken)
    {
        if (at is not { } instant)
        {
            return RelayProblems.MalformedRequest("Give 'at', an instant such as 2026-01-31T12:00:00Z.");
        }

        if (await history.AnswerAsync(id, instant, cancellationToken) is not { } answer)
        {
            return FleetProblems.UnknownNode(id);
        }

        string name = RelayName.IsValidNode(id) ? id : "node";
        return TypedResults.Stream(
            body => archive.WriteAsync(answer, artifacts ?? true, body, cancellationToken), "application/x-tar",
            string.Create(CultureInfo.InvariantCulture, $"{name}-{instant.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.tar"));
    }
}
