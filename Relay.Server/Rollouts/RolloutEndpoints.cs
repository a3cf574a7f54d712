using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Access.Tokens;
using Relay.Server.Http.Problems;
using Relay.Server.Models;
using Relay.Server.Releases;
using Relay.Server.Rollouts.Planning;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Rollouts;

internal static class RolloutEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder rollouts = app.MapGroup(Routes.Rollouts);
        rollouts.MapGet("", List).WithSummary("Lists rollouts, the newest first").RequireAuthorization(AccessPolicies.Audit);
        rollouts.MapPost("", Start).WithSummary("Starts a rollout").RequireAuthorization(AccessPolicies.Operate);
        rollouts.MapGet("/{id:long}", Find).WithSummary("Reads a rollout with its verdict").RequireAuthorization(AccessPolicies.Audit);
        rollouts.MapGet("/{id:long}/history", History).WithSummary("Lists the events of a rollout").RequireAuthorization(AccessPolicies.Audit);
        MapCommand("pause", RolloutCommand.Pause, "Pauses a rollout");
        MapCommand("resume", RolloutCommand.Resume, "Resumes a rollout");
        MapCommand("skip", RolloutCommand.Skip, "Goes on to the next stage without a verdict");
        MapCommand("halt", RolloutCommand.Halt, "Halts a rollout and takes the candidate back");

        void MapCommand(string name, RolloutCommand command, string summary) => rollouts.MapPost(
                $"/{{id:long}}/{name}",
                (long id, ClaimsPrincipal user, RolloutStore store, RolloutDirector director, RolloutViews views,
                    CancellationToken cancellationToken) =>
                    RunAsync(command, id, user, store, director, views, cancellationToken))
            .WithSummary(summary)
            .RequireAuthorization(AccessPolicies.Operate);
    }

    private static Results<Ok<Page<RolloutView>>, ProblemHttpResult> List(
        RolloutStore store, RolloutViews views, string? channel, string? status, DateTimeOffset? since, DateTimeOffset? until, long? cursor,
        int? limit)
    {
        if ((Filters.CheckName(nameof(channel), channel) ?? Filters.CheckWord(nameof(status), status, RolloutViews.Statuses)) is { } problem)
        {
            return problem;
        }

        return TypedResults.Ok(Paging.Scan<RolloutView>(
            limit,
            (after, count) =>
            [
                .. store.List(channel, since, until, after?.Id ?? cursor, count).Select(rollout => views.Create(rollout, isWhole: false)),
            ],
            rollout => status is null || rollout.Status == status,
            rollout => rollout.Id.ToString(CultureInfo.InvariantCulture)));
    }

    private static Results<Ok<RolloutView>, ProblemHttpResult> Find(long id, RolloutStore store, RolloutViews views) =>
        store.Find(id) is { } rollout ? TypedResults.Ok(views.Create(rollout, isWhole: true)) : RolloutProblems.Unknown(id);

    private static Results<Ok<Page<RolloutEventView>>, ProblemHttpResult> History(long id, RolloutStore store, long? cursor, int? limit)
    {
        if (store.Find(id) is null)
        {
            return RolloutProblems.Unknown(id);
        }

        int size = Paging.Limit(limit);
        RolloutEventView[] found = [.. store.History(id, cursor, size + 1)
            .Select(happened => new RolloutEventView(happened.Id, happened.At, happened.Kind, happened.Detail, happened.Who))];
        return TypedResults.Ok(Paging.ToPage(found, size, happened => happened.Id.ToString(CultureInfo.InvariantCulture)));
    }

    private static async Task<Results<Created<RolloutView>, ProblemHttpResult>> Start(
        RolloutRequest request, ClaimsPrincipal user, RolloutStarter starter, RolloutViews views, TwoPeopleRule twoPeople, VersionSteps steps,
        CancellationToken cancellationToken)
    {
        if (!RelayName.IsValid(request.Channel))
        {
            return RolloutProblems.Invalid("$.channel", RelayName.Rule);
        }

        if (twoPeople.FindError(request.Models ?? [], ApiKeyAuthentication.FindKey(user)) is { } error)
        {
            return ReleaseProblems.TwoPeople(error);
        }

        Result<Rollout, ProblemHttpResult> started = await starter.StartAsync(request, WhoIs(user), cancellationToken);
        if (started.IsAccepted && request.Models is { } models)
        {
            steps.Add(
                models, started.Value.Pending is null ? VersionSteps.Published : VersionSteps.Proposed, ApiKeyAuthentication.FindKey(user),
                FormattableString.Invariant($"rollout {started.Value.Id}"));
        }

        return started.IsAccepted
            ? TypedResults.Created(Routes.RolloutOf(started.Value.Id), views.Create(started.Value, isWhole: true))
            : started.Refusal;
    }

    private static async Task<Results<Ok<RolloutView>, ProblemHttpResult>> RunAsync(
        RolloutCommand command, long id, ClaimsPrincipal user, RolloutStore store, RolloutDirector director, RolloutViews views,
        CancellationToken cancellationToken)
    {
        if (store.Find(id) is null)
        {
            return RolloutProblems.Unknown(id);
        }

        Result<Rollout, RolloutRefusal> result = await director.CommandAsync(id, command, WhoIs(user), cancellationToken);
        return result switch
        {
            { Value: { } rollout } => TypedResults.Ok(views.Create(rollout, isWhole: true)),
            { Refusal: { Reason: RolloutRefusalReason.Paused } refusal } => RolloutProblems.Paused(refusal.Detail),
            { Refusal: { Reason: RolloutRefusalReason.CannotReturn } refusal } => RolloutProblems.CannotReturn(refusal.Detail),
            _ => RolloutProblems.Ended(result.Refusal!.Detail),
        };
    }

    private static string WhoIs(ClaimsPrincipal user) =>
        ApiKeyAuthentication.FindKey(user) is { } key && TokenActor.IsToken(key) ? key : Rollout.KeyPrefix + ApiKeyAuthentication.FindKey(user);
}
