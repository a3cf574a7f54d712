using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet.Adoption;

internal static class AdoptionEndpoint
{
    private static readonly TimeSpan DefaultTime = TimeSpan.FromDays(1);

    public static void Map(IEndpointRouteBuilder app) => app.MapGet(Routes.FleetAdoption, Read)
        .WithSummary("Reads how many nodes ran which release over time").RequireAuthorization(AccessPolicies.Audit);

    /// <param name="channel">Counts the nodes of this channel alone.</param>
    /// <param name="from">A day before the end where it is not given.</param>
    /// <param name="to">Now where it is not given.</param>
    private static Results<Ok<FleetAdoption>, ProblemHttpResult> Read(
        AdoptionHistory history, TimeProvider timeProvider, string? channel, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (Filters.CheckName(nameof(channel), channel) is { } problem)
        {
            return problem;
        }

        DateTimeOffset end = to ?? timeProvider.GetUtcNow();
        DateTimeOffset start = from ?? (end - DateTimeOffset.MinValue > DefaultTime ? end - DefaultTime : DateTimeOffset.MinValue);
        return start < end
            ? TypedResults.Ok(history.Read(channel, start, end))
            : RelayProblems.MalformedRequest("'from' must be before 'to', which is now where it is not given.");
    }
}
