using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Cards;
using Relay.Cards.Writing;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Models.Annotations;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Models;

/// <summary>The model card of a version: as data, and for people.</summary>
internal static class CardEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder card = app.MapGroup(Routes.Models + "/{name}/versions/{version:int}").RequireAuthorization(AccessPolicies.Audit);
        card.MapGet("card.json", FindData).WithSummary("Reads the card of a version as JSON");
        card.MapGet("card.html", FindPage).WithSummary("Reads the card of a version as one page");
        card.MapGet("card.md", FindMarkdown).WithSummary("Reads the card of a version as Markdown");
    }

    private static Results<Ok<ModelCard>, ProblemHttpResult> FindData(string name, int version, VersionStore versions) =>
        versions.Find(name, version) is { } found ? TypedResults.Ok(found.Card) : ModelProblems.UnknownVersion(name, version);

    private static Results<ContentHttpResult, ProblemHttpResult> FindPage(
        string name, int version, VersionStore versions, VersionSteps steps, NoteStore notes, HttpResponse response)
    {
        if (versions.Find(name, version) is not { } found)
        {
            return ModelProblems.UnknownVersion(name, version);
        }

        // Names in the page come with somebody's data: no browser runs or loads anything for them.
        response.Headers.ContentSecurityPolicy = $"{HtmlCard.ContentSecurityPolicy}; frame-ancestors 'none'; sandbox";
        return Answer(found, steps, notes, CardFormat.Html, "text/html", response);
    }

    private static Results<ContentHttpResult, ProblemHttpResult> FindMarkdown(
        string name, int version, VersionStore versions, VersionSteps steps, NoteStore notes, HttpResponse response) =>
        versions.Find(name, version) is { } found
            ? Answer(found, steps, notes, CardFormat.Markdown, "text/markdown", response)
            : ModelProblems.UnknownVersion(name, version);

    private static ContentHttpResult Answer(
        StoredVersion found, VersionSteps steps, NoteStore notes, CardFormat format, string type, HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        CardOrigin origin = new(
            found.View.TrainingRun, found.View.CreatedAt, found.SignatureSha256, steps.List(found.View.Model, found.View.Version))
        {
            Tags = found.View.Tags,
            Note = notes.Find(found.View.Model, found.View.Version),
        };
        return TypedResults.Text(CardRenderer.Render(found.Card, origin, format), type, Encoding.UTF8);
    }
}
