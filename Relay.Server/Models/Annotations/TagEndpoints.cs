using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Models.Annotations;

/// <summary>Tags of models and of versions.</summary>
internal static class TagEndpoints
{
    private const string ModelRoute = Routes.Models + "/{name}/tags";
    private const string VersionRoute = Routes.Models + "/{name}/versions/{version:int}/tags";

    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder read = app.MapGroup("").RequireAuthorization(AccessPolicies.Audit);
        read.MapGet(ModelRoute, ListOfModel).WithSummary("Lists the tags of a model");
        read.MapGet(VersionRoute, List).WithSummary("Lists the tags of a version");
        RouteGroupBuilder change = app.MapGroup("").RequireAuthorization(AccessPolicies.Annotate);
        change.MapPut(ModelRoute + "/{key}", SetOfModel).WithSummary("Sets a tag of a model");
        change.MapPut(VersionRoute + "/{key}", Set).WithSummary("Sets a tag of a version; what is signed stays as it is");
        change.MapDelete(ModelRoute + "/{key}", DeleteOfModel).WithSummary("Deletes a tag of a model");
        change.MapDelete(VersionRoute + "/{key}", Delete).WithSummary("Deletes a tag of a version");
    }

    private static Results<Ok<Page<TagView>>, ProblemHttpResult> ListOfModel(
        string name, string? cursor, int? limit, AnnotatedSubject subject, TagStore tags) =>
        ListOf(name, null, cursor, limit, subject, tags);

    private static Results<Ok<Page<TagView>>, ProblemHttpResult> List(
        string name, int version, string? cursor, int? limit, AnnotatedSubject subject, TagStore tags) =>
        ListOf(name, version, cursor, limit, subject, tags);

    private static Results<Ok<Page<TagView>>, ProblemHttpResult> ListOf(
        string name, int? version, string? cursor, int? limit, AnnotatedSubject subject, TagStore tags)
    {
        if (subject.FindProblem(name, version) is { } unknown)
        {
            return unknown;
        }

        int size = Paging.Limit(limit);
        return TypedResults.Ok(Paging.ToPage(tags.List(name, version, cursor, size + 1), size, tag => tag.Key));
    }

    private static Results<Ok<TagView>, ProblemHttpResult> SetOfModel(
        string name, string key, TagRequest request, AnnotatedSubject subject, TagStore tags, ClaimsPrincipal user, HttpContext context) =>
        SetOf(name, null, key, request, subject, tags, user, context);

    private static Results<Ok<TagView>, ProblemHttpResult> Set(
        string name, int version, string key, TagRequest request, AnnotatedSubject subject, TagStore tags, ClaimsPrincipal user,
        HttpContext context) =>
        SetOf(name, version, key, request, subject, tags, user, context);

    private static Results<Ok<TagView>, ProblemHttpResult> SetOf(
        string name, int? version, string key, TagRequest request, AnnotatedSubject subject, TagStore tags, ClaimsPrincipal user,
        HttpContext context)
    {
        if (FindErrors(key, request) is { Count: > 0 } errors)
        {
            return AnnotationProblems.InvalidTag(errors);
        }

        if (subject.FindProblem(name, version) is { } unknown)
        {
            return unknown;
        }

        AuditNotes.Add(context, "value", request.Value);
        return tags.Set(name, version, key, request.Value, ApiKeyAuthentication.FindKey(user)) is { } set
            ? TypedResults.Ok(set)
            : AnnotationProblems.TooManyTags(name, version);
    }

    private static Results<NoContent, ProblemHttpResult> DeleteOfModel(string name, string key, TagStore tags, ClaimsPrincipal user) =>
        DeleteOf(name, null, key, tags, user);

    private static Results<NoContent, ProblemHttpResult> Delete(string name, int version, string key, TagStore tags, ClaimsPrincipal user) =>
        DeleteOf(name, version, key, tags, user);

    private static Results<NoContent, ProblemHttpResult> DeleteOf(string name, int? version, string key, TagStore tags, ClaimsPrincipal user) =>
        version != TagTable.OfModel && tags.Delete(name, version, key, ApiKeyAuthentication.FindKey(user))
            ? TypedResults.NoContent()
            : AnnotationProblems.UnknownTag(name, version, key);

    private static Dictionary<string, string> FindErrors(string key, TagRequest request)
    {
        Dictionary<string, string> errors = [];
        if (!TagName.IsValid(key))
        {
            errors["$.key"] = $"Expected {TagName.Rule}, in the path.";
        }

        if (request.Value.Length > TagView.MaximumValue || !DisplayText.IsPlain(request.Value))
        {
            errors["$.value"] = $"Expected one line of at most {TagView.MaximumValue} characters without invisible ones; it may be empty.";
        }

        return errors;
    }
}
