using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Models.Aliases;
using Relay.Server.Models.Annotations;
using Relay.Server.Repository;
using Relay.Training;
using Relay.Training.Engines;
using Relay.Training.Specs;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Models;

internal static class ModelEndpoints
{
    // As specs write them.
    private static readonly Dictionary<string, ModelTask> Tasks = Enum.GetValues<ModelTask>().ToDictionary(
        task => JsonSerializer.SerializeToElement(task, ModelJson.Default.ModelTask).GetString()!, StringComparer.Ordinal);

    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder models = app.MapGroup(Routes.Models);
        RouteGroupBuilder change = models.MapGroup("").RequireAuthorization(AccessPolicies.Train);
        change.MapPost("", Create).WithSummary("Creates a model from its spec").WithMetadata(new RequestSizeLimitAttribute(ModelSpecParser.MaxBytes));
        change.MapPut("{name}", Put)
            .WithSummary("Creates a model, or replaces its spec").WithMetadata(new RequestSizeLimitAttribute(ModelSpecParser.MaxBytes));
        RouteGroupBuilder read = models.MapGroup("").RequireAuthorization(AccessPolicies.Audit);
        read.MapGet("", List).WithSummary("Lists models");
        read.MapGet("{name}", Find).WithSummary("Reads a model");
        read.MapGet("{name}/versions", ListVersions).WithSummary("Lists the versions of a model, the newest first");
        read.MapGet("{name}/versions/{version:int}", FindVersion).WithSummary("Reads a version");
    }

    private static async Task<Results<Created<ModelView>, ProblemHttpResult>> Create(
        HttpRequest request, ModelStore models, EngineCatalog engines, CancellationToken cancellationToken)
    {
        (ModelSpec? spec, ProblemHttpResult? problem) = await ReadSpecAsync(request, engines, cancellationToken);
        if (spec is null)
        {
            return problem!;
        }

        return models.TryAdd(spec)
            ? TypedResults.Created(PathFor(spec.Name), models.Find(spec.Name))
            : ModelProblems.ModelExists(spec.Name);
    }

    private static async Task<Results<Created<ModelView>, Ok<ModelView>, ProblemHttpResult>> Put(
        string name, HttpRequest request, ModelStore models, EngineCatalog engines, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        (ModelSpec? spec, ProblemHttpResult? problem) = await ReadSpecAsync(request, engines, cancellationToken);
        if (spec is null)
        {
            return problem!;
        }

        if (spec.Name != name)
        {
            return ModelProblems.NameMismatch(spec.Name, name);
        }

        if (models.Find(name)?.ArchivedAt is not null)
        {
            return ModelProblems.Archived(name);
        }

        // Who trains could otherwise release alone.
        if (!spec.TwoPeople && models.Find(name)?.Spec.TwoPeople == true && !user.HasClaim(ApiKeyAuthentication.RoleClaim,
            AccessPolicies.NameOf(ApiKeyRole.Admin)))
        {
            return ModelProblems.TwoPeopleStays(name);
        }

        bool? isReplaced = models.TryReplace(spec, current => EntityTags.AllowsChange(request, current));
        if (isReplaced is null)
        {
            return RelayProblems.ChangedMeanwhile();
        }

        // Of a model that was not there, unless another made it in this moment.
        bool isAdded = isReplaced is false && models.TryAdd(spec);
        request.HttpContext.Response.Headers.ETag = ModelStore.TagOf(spec);
        return isAdded ? TypedResults.Created(PathFor(name), models.Find(name)) : TypedResults.Ok(models.Find(name));
    }

    /// <param name="tag">KEY or KEY=VALUE, for models that have the tag.</param>
    private static Results<Ok<Page<ModelView>>, ProblemHttpResult> List(
        ModelStore models, [FromQuery] string[] tag, string? archived, string? task, string? cursor, int? limit)
    {
        if ((Filters.CheckWord(nameof(archived), archived, ModelFilter.IsNotArchived, ModelFilter.IsArchived, ModelFilter.All)
            ?? Filters.CheckWord(nameof(task), task, Tasks.Keys)) is { } problem)
        {
            return problem;
        }

        if (TagFilter.ParseAll(tag) is not { } tags)
        {
            return RelayProblems.InvalidFilter(TagFilter.Parameter, TagFilter.Expected);
        }

        ModelFilter filter = new(tags, archived);
        return TypedResults.Ok(Paging.Scan<ModelView>(
            limit, (after, count) => models.List(filter, after?.Name ?? cursor, count), model => task is null || model.Spec.Task == Tasks[task],
            model => model.Name));
    }

    private static Results<Ok<ModelView>, ProblemHttpResult> Find(string name, ModelStore models, HttpResponse response)
    {
        if (models.Find(name) is not { } model)
        {
            return ModelProblems.UnknownModel(name);
        }

        response.Headers.ETag = ModelStore.TagOf(model.Spec);
        return TypedResults.Ok(model);
    }

    private static Results<Ok<Page<VersionView>>, ProblemHttpResult> ListVersions(
        string name, ModelStore models, VersionStore versions, VersionSteps steps, RepositoryCache repository,
        [FromQuery] string[] tag, string? state, DateTimeOffset? since, DateTimeOffset? until, int? cursor, int? limit)
    {
        if (Filters.CheckWord(nameof(state), state, VersionView.Unpublished, VersionView.Published, VersionView.Revoked) is { } problem)
        {
            return problem;
        }

        if (TagFilter.ParseAll(tag) is not { } tags)
        {
            return RelayProblems.InvalidFilter(TagFilter.Parameter, TagFilter.Expected);
        }

        if (!models.Exists(name))
        {
            return ModelProblems.UnknownModel(name);
        }

        int size = Paging.Limit(limit);
        VersionFilter filter = new(tags, state, new VersionStates(repository.Read(), name, steps.FindUnlisted(name)), since, until);
        return TypedResults.Ok(Paging.ToPage(versions.List(name, filter, cursor, size + 1), size, version => $"{version.Version}"));
    }

    private static Results<Ok<VersionDetail>, ProblemHttpResult> FindVersion(
        string name, int version, VersionStore versions, VersionSteps steps, AliasStore aliases, NoteStore notes, RepositoryCache repository) =>
        versions.Find(name, version) is { } found
            ? TypedResults.Ok(new VersionDetail(
                found.View with { State = new VersionStates(repository.Read(), name, steps.FindUnlisted(name)).Find(found.View) }, found.Card)
            {
                Steps = steps.List(name, version),
                Aliases = aliases.ListNames(name, version),
                Note = notes.Find(name, version),
            })
            : ModelProblems.UnknownVersion(name, version);

    private static string PathFor(string name) => $"{Routes.Models}/{name}";

    private static async Task<(ModelSpec? Spec, ProblemHttpResult? Problem)> ReadSpecAsync(
        HttpRequest request, EngineCatalog engines, CancellationToken cancellationToken)
    {
        // The parser takes bytes, as its errors name line and column.
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body, cancellationToken);
        try
        {
            ModelSpec spec = ModelSpecParser.Parse(body.GetBuffer().AsSpan(0, (int)body.Length));
            SpecChecks.Require(spec, engines);
            return (spec, null);
        }
        catch (TrainingException e)
        {
            return (null, ModelProblems.UntrainableSpec(e));
        }
        catch (ModelSpecException e)
        {
            return (null, ModelProblems.InvalidSpec(e));
        }
    }
}
