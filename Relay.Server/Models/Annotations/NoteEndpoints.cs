using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Shared.Contracts.Api;

namespace Relay.Server.Models.Annotations;

/// <summary>Notes of models and of versions. Who sends If-Match overwrites no note of another.</summary>
internal static class NoteEndpoints
{
    private const string ModelRoute = Routes.Models + "/{name}/note";
    private const string VersionRoute = Routes.Models + "/{name}/versions/{version:int}/note";

    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder read = app.MapGroup("").RequireAuthorization(AccessPolicies.Audit);
        read.MapGet(ModelRoute, FindOfModel).WithSummary("Reads the note of a model");
        read.MapGet(VersionRoute, Find).WithSummary("Reads the note of a version");
        RouteGroupBuilder change = app.MapGroup("").RequireAuthorization(AccessPolicies.Annotate);
        change.MapPut(ModelRoute, SetOfModel).WithSummary("Writes the note of a model, in the place of the one before");
        change.MapPut(VersionRoute, Set).WithSummary("Writes the note of a version, in the place of the one before");
        change.MapDelete(ModelRoute, DeleteOfModel).WithSummary("Deletes the note of a model");
        change.MapDelete(VersionRoute, Delete).WithSummary("Deletes the note of a version");
    }

    private static Results<Ok<NoteView>, ProblemHttpResult> FindOfModel(
        string name, AnnotatedSubject subject, NoteStore notes, HttpResponse response) => FindOf(name, null, subject, notes, response);

    private static Results<Ok<NoteView>, ProblemHttpResult> Find(
        string name, int version, AnnotatedSubject subject, NoteStore notes, HttpResponse response) =>
        FindOf(name, version, subject, notes, response);

    private static Results<Ok<NoteView>, ProblemHttpResult> FindOf(
        string name, int? version, AnnotatedSubject subject, NoteStore notes, HttpResponse response)
    {
        if (subject.FindProblem(name, version) is { } unknown)
        {
            return unknown;
        }

        return notes.Find(name, version) is { } note ? Answer(note, response) : AnnotationProblems.NoNote(name, version);
    }

    private static Results<Ok<NoteView>, ProblemHttpResult> SetOfModel(
        string name, NoteRequest request, AnnotatedSubject subject, NoteStore notes, ClaimsPrincipal user, HttpContext context) =>
        SetOf(name, null, request, subject, notes, user, context);

    private static Results<Ok<NoteView>, ProblemHttpResult> Set(
        string name, int version, NoteRequest request, AnnotatedSubject subject, NoteStore notes, ClaimsPrincipal user, HttpContext context) =>
        SetOf(name, version, request, subject, notes, user, context);

    private static Results<Ok<NoteView>, ProblemHttpResult> SetOf(
        string name, int? version, NoteRequest request, AnnotatedSubject subject, NoteStore notes, ClaimsPrincipal user, HttpContext context)
    {
        string text = request.Text.ReplaceLineEndings("\n");
        if (text.Length is 0 or > NoteView.MaximumText || text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
        {
            return AnnotationProblems.InvalidNote();
        }

        if (subject.FindProblem(name, version) is { } unknown)
        {
            return unknown;
        }

        return notes.TrySet(
            name, version, text, ApiKeyAuthentication.FindKey(user), current => EntityTags.AllowsChange(context.Request, current)) is { } set
            ? Answer(set, context.Response)
            : RelayProblems.ChangedMeanwhile();
    }

    private static Results<NoContent, ProblemHttpResult> DeleteOfModel(string name, NoteStore notes, HttpRequest request) =>
        DeleteOf(name, null, notes, request);

    private static Results<NoContent, ProblemHttpResult> Delete(string name, int version, NoteStore notes, HttpRequest request) =>
        DeleteOf(name, version, notes, request);

    private static Results<NoContent, ProblemHttpResult> DeleteOf(string name, int? version, NoteStore notes, HttpRequest request) =>
        version == TagTable.OfModel
            ? ModelProblems.UnknownVersion(name, TagTable.OfModel)
            : notes.TryDelete(name, version, current => EntityTags.AllowsChange(request, current)) switch
            {
                true => TypedResults.NoContent(),
                false => AnnotationProblems.NoNote(name, version),
                null => RelayProblems.ChangedMeanwhile(),
            };

    private static Ok<NoteView> Answer(NoteView note, HttpResponse response)
    {
        response.Headers.ETag = NoteStore.TagOf(note);
        return TypedResults.Ok(note);
    }
}
