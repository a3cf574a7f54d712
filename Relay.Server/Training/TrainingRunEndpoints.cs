using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Datasets;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Models;
using Shared.Contracts.Api;

namespace Relay.Server.Training;

internal static class TrainingRunEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder runs = app.MapGroup(Routes.TrainingRuns);
        RouteGroupBuilder read = runs.MapGroup("").RequireAuthorization(AccessPolicies.Audit);
        read.MapGet("", List).WithSummary("Lists training runs, the newest first");
        read.MapGet("{id:long}", Find).WithSummary("Reads a training run with its progress");
        read.MapGet("{id:long}/events", Events).WithSummary("Opens the stream of the progress of a training run");
        RouteGroupBuilder train = runs.MapGroup("").RequireAuthorization(AccessPolicies.Train);
        train.MapPost("", Start).WithSummary("Starts a training run");
        train.MapPost("{id:long}/cancel", Cancel).WithSummary("Cancels a training run");
    }

    private static Results<Accepted<TrainingRun>, ProblemHttpResult> Start(
        TrainingRunRequest request, ModelStore models, DatasetFolder datasets, DatasetStore samples, TrainingQueue queue, TrainingQuota quota,
        ClaimsPrincipal user)
    {
        if (models.Find(request.Model) is not { } model)
        {
            return ModelProblems.UnknownModel(request.Model);
        }

        if (models.FindUnknownMember(request.Model) is { } unknown)
        {
            return TrainingProblems.UnknownSpecMember(request.Model, unknown);
        }

        if (request.Data.Import is not null)
        {
            return TrainingProblems.InvalidDataSource(
                new() { ["$.data.import"] = $"Expected no import: send the file by POST {Routes.ImportOf(request.Model)}." });
        }

        if (TrainingDataValidator.Validate(request.Data, model.Spec, datasets, samples) is { Count: > 0 } errors)
        {
            return TrainingProblems.InvalidDataSource(errors);
        }

        if (AcceptanceValidator.Validate(request.Accept) is { Count: > 0 } refused)
        {
            return TrainingProblems.InvalidAcceptance(refused);
        }

        if (quota.FindProblem(request.Model) is { } exceeded)
        {
            return exceeded;
        }

        return queue.TryEnqueue(model.Spec, samples.AtPosition(request.Data), ApiKeyAuthentication.FindKey(user), request.Accept) is { } run
            ? TypedResults.Accepted($"{Routes.TrainingRuns}/{run.Id}", run)
            : ModelProblems.Archived(request.Model);
    }

    private static Results<Ok<Page<TrainingRun>>, ProblemHttpResult> List(
        TrainingRunStore runs, TrainingRunFeed feed, string? model, string? state, string? dataset, DateTimeOffset? since, DateTimeOffset? until,
        long? cursor, int? limit)
    {
        if ((Filters.CheckName(nameof(model), model)
            ?? Filters.CheckName(nameof(dataset), dataset)
            ?? Filters.CheckWord(nameof(state), state, Enum.GetValues<TrainingRunState>().Select(TrainingRunRow.ToName))) is { } problem)
        {
            return problem;
        }

        int size = Paging.Limit(limit);
        IEnumerable<TrainingRun> found = runs.List(new(model, state, dataset, since, until), cursor, size + 1).Select(feed.WithProgress);
        return TypedResults.Ok(Paging.ToPage([.. found], size, run => $"{run.Id}"));
    }

    private static Results<Ok<TrainingRun>, ProblemHttpResult> Find(long id, TrainingRunFeed feed) =>
        feed.Find(id) is { } run ? TypedResults.Ok(run) : TrainingProblems.UnknownRun(id);

    private static Results<ServerSentEventsResult<TrainingRun>, ProblemHttpResult> Events(
        long id, TrainingRunFeed feed, IHostApplicationLifetime lifetime, HttpResponse response, CancellationToken cancellationToken)
    {
        if (feed.Find(id) is null)
        {
            return TrainingProblems.UnknownRun(id);
        }

        // nginx takes this as "do not buffer".
        response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(StreamAsync(id, feed, lifetime, cancellationToken));
    }

    private static Results<Accepted<TrainingRun>, Ok<TrainingRun>, ProblemHttpResult> Cancel(long id, TrainingQueue queue) =>
        queue.Cancel(id) switch
        {
            null => TrainingProblems.UnknownRun(id),
            { State: TrainingRunState.Running } run => TypedResults.Accepted($"{Routes.TrainingRuns}/{id}", run),
            { State: TrainingRunState.Cancelled } run => TypedResults.Ok(run),
            { } run => TrainingProblems.RunFinished(run),
        };

    private static async IAsyncEnumerable<SseItem<TrainingRun>> StreamAsync(
        long id, TrainingRunFeed feed, IHostApplicationLifetime lifetime, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // An open stream would delay an orderly stop until its time limit.
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await foreach (TrainingRun run in feed.Follow(id, either.Token))
        {
            yield return new SseItem<TrainingRun>(run, run.IsFinished ? "finished" : "progress");
        }
    }
}
