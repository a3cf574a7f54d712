using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Datasets;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Models;
using Relay.Server.Training;
using Shared.Contracts.Api;

namespace Relay.Server.Retraining;

internal static class TriggerEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder triggers = app.MapGroup(Routes.Triggers);
        RouteGroupBuilder read = triggers.MapGroup("").RequireAuthorization(AccessPolicies.Audit);
        read.MapGet("", List).WithSummary("Lists triggers of training runs");
        read.MapGet("{id:long}", Find).WithSummary("Reads a trigger");
        RouteGroupBuilder change = triggers.MapGroup("").RequireAuthorization(AccessPolicies.Train);
        change.MapPost("", Create).WithSummary("Creates a trigger of training runs");
        change.MapDelete("{id:long}", Delete).WithSummary("Deletes a trigger");
        change.MapPost("{id:long}/pause", Pause).WithSummary("Pauses a trigger");
        change.MapPost("{id:long}/resume", Resume).WithSummary("Resumes a trigger");
    }

    private static Results<Created<TrainingTriggerView>, ProblemHttpResult> Create(
        TrainingTriggerRequest request, ModelStore models, DatasetFolder folder, DatasetStore datasets, TriggerStore triggers,
        TriggerEvaluation evaluation, ClaimsPrincipal user)
    {
        if (models.Find(request.Model) is not { } model)
        {
            return ModelProblems.UnknownModel(request.Model);
        }

        if (model.ArchivedAt is not null)
        {
            return ModelProblems.Archived(request.Model);
        }

        if (TriggerRules.Validate(request, model.Spec, folder, datasets) is { Count: > 0 } errors)
        {
            return TriggerProblems.Invalid(errors);
        }

        return triggers.Add(request, evaluation.FirstMark(request.Rule, request.Data), ApiKeyAuthentication.FindKey(user)) is { } added
            ? TypedResults.Created(Routes.TriggerOf(added.Id), added)
            : TriggerProblems.TooMany(TriggerStore.Maximum);
    }

    private static Results<Ok<Page<TrainingTriggerView>>, ProblemHttpResult> List(
        TriggerStore triggers, string? model, string? dataset, bool? paused, long? cursor, int? limit)
    {
        if ((Filters.CheckName(nameof(model), model) ?? Filters.CheckName(nameof(dataset), dataset)) is { } problem)
        {
            return problem;
        }

        return TypedResults.Ok(Paging.Scan<TrainingTriggerView>(
            limit,
            (after, count) => [.. triggers.List(after?.Id ?? cursor ?? 0, count).Select(trigger => trigger.View)],
            trigger => (model is null || trigger.Model == model) && (paused is null || trigger.IsPaused == paused)
                && (dataset is null || trigger.Data.Dataset?.Name == dataset),
            trigger => trigger.Id.ToString(CultureInfo.InvariantCulture)));
    }

    private static Results<Ok<TrainingTriggerView>, ProblemHttpResult> Find(long id, TriggerStore triggers) =>
        triggers.Find(id) is { } trigger ? TypedResults.Ok(trigger.View) : TriggerProblems.Unknown(id);

    private static Results<NoContent, ProblemHttpResult> Delete(long id, TriggerStore triggers) =>
        triggers.Delete(id) ? TypedResults.NoContent() : TriggerProblems.Unknown(id);

    private static Results<NoContent, ProblemHttpResult> Pause(long id, TriggerStore triggers) =>
        triggers.SetPaused(id, isPaused: true) ? TypedResults.NoContent() : TriggerProblems.Unknown(id);

    private static Results<NoContent, ProblemHttpResult> Resume(long id, TriggerStore triggers) =>
        triggers.SetPaused(id, isPaused: false) ? TypedResults.NoContent() : TriggerProblems.Unknown(id);
}
