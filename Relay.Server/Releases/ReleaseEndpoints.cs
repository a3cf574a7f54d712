using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Repository;
using Shared.Contracts.Api;

namespace Relay.Server.Releases;

/// <summary>The releases that there are.</summary>
internal static class ReleaseEndpoints
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(Routes.Releases, List).WithSummary("Lists releases").RequireAuthorization(AccessPolicies.Audit);

    /// <param name="model">One that the release has.</param>
    private static Results<Ok<Page<ReleaseView>>, ProblemHttpResult> List(
        RepositoryCache repository, string? model, DateTimeOffset? since, DateTimeOffset? until, int? cursor, int? limit)
    {
        if (Filters.CheckName(nameof(model), model) is { } problem)
        {
            return problem;
        }

        int size = Paging.Limit(limit);
        ReleaseView[] releases = [.. repository.Read().Releases.Values
            .Where(release => release.Number < (cursor ?? int.MaxValue)
                && !(release.Created < since) && !(release.Created >= until)
                && (model is null || release.Models.Any(has => has.Name == model)))
            .OrderByDescending(release => release.Number)
            .Take(size + 1)
            .Select(release => new ReleaseView(
                release.Number, [.. release.Models.Select(named => new ModelVersion(named.Name, named.Version))], release.Created))];
        return TypedResults.Ok(Paging.ToPage(releases, size, release => $"{release.Release}"));
    }
}
