using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Models;

/// <summary>The files of a version, published or not: nodes take theirs from the repository.</summary>
internal static class VersionFileEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder files = app.MapGroup(Routes.Models + "/{name}/versions/{version:int}/files").RequireAuthorization(AccessPolicies.Audit);
        files.MapGet("", List).WithSummary("Lists the files of a version, published or not: the model, its signature, statements");
        files.MapGet("{file}", Download).WithSummary("Downloads a file of a version, published or not");
    }

    private static Results<Ok<Page<VersionFileView>>, ProblemHttpResult> List(
        string name, int version, string? cursor, int? limit, VersionStore versions, VersionFiles files) =>
        versions.Find(name, version) is { } found
            ? TypedResults.Ok(Paging.Slice(
                [.. files.List(found).Select(file => new VersionFileView(file.Name, file.Length, file.Sha256))], cursor, limit, file => file.Name))
            : ModelProblems.UnknownVersion(name, version);

    private static Results<PhysicalFileHttpResult, ProblemHttpResult> Download(
        string name, int version, string file, VersionStore versions, VersionFiles files, IntactFiles intact, HttpResponse response)
    {
        if (versions.Find(name, version) is not { } found)
        {
            return ModelProblems.UnknownVersion(name, version);
        }

        // By the list: the name in the path never becomes a path.
        if (files.List(found).FirstOrDefault(listed => listed.Name == file) is not { } listed || intact.Find(listed.Path) is not { } content)
        {
            return ModelProblems.UnknownFile(name, version, file);
        }

        response.Headers.CacheControl = "private, no-cache";
        return TypedResults.PhysicalFile(
            listed.Path, "application/octet-stream", listed.Name, entityTag: new EntityTagHeaderValue($"\"{content.Tag}\""),
            enableRangeProcessing: true);
    }
}
