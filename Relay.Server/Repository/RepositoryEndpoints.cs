using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Files;
using Relay.Server.Http.Problems;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>Serves the signed repository as static files; a mirror of the folder can serve nodes as well.</summary>
internal static class RepositoryEndpoints
{
    private const string Json = MediaTypeNames.Application.Json;

    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder files = app.MapGroup("").RequireAuthorization(AccessPolicies.Reader).RequireRateLimiting(RateLimits.NodeRoutes)
            .WithMetadata(OpenFile.Instance);

        // A route that asks the container for a service makes a scope for each request, and this one is what nodes ask for most.
        TimestampFile timestamp = app.ServiceProvider.GetRequiredService<TimestampFile>();
        PollPace pace = app.ServiceProvider.GetRequiredService<PollPace>();
        files.MapMethods($"{Routes.Metadata}/{MetadataPaths.Timestamp}", Reads, (HttpResponse response) => Timestamp(timestamp, pace, response))
            .WithSummary("Reads the timestamp, the one file of the repository that changes");
        RepositoryReads reads = app.ServiceProvider.GetRequiredService<RepositoryReads>();
        files.MapMethods($"{Routes.Metadata}/{{file}}", Reads, (string file, HttpContext http) => Metadata(file, reads, http))
            .WithSummary("Reads a file of metadata");
        ITargetLocations? locations = app.ServiceProvider.GetService<ITargetLocations>();
        files.MapMethods(
            $"{Routes.Targets}/{{**path}}", Reads, (string? path, HttpContext http) => TargetAsync(path, reads, locations, http))
            .WithSummary("Reads a target: a model, its signature or a document");
    }

    private static IntactFileResult Timestamp(TimestampFile timestamp, PollPace pace, HttpResponse response)
    {
        response.Headers.CacheControl = FileHeaders.TimestampCacheControl;
        if (pace.Seconds > 0)
        {
            response.Headers[RelayEvents.PollSecondsHeader] = pace.Seconds.ToString(CultureInfo.InvariantCulture);
        }

        return new IntactFileResult(timestamp.Path, timestamp.Read(), Json, isImmutable: false);
    }

    private static Results<IntactFileResult, ProblemHttpResult> Metadata(string file, RepositoryReads reads, HttpContext http) =>
        PublishedNames.IsPlain(file) && reads.Find($"{RepositoryFiles.MetadataFolder}/{file}") is { } found
            ? reads.Answer(found, http)
            : RelayProblems.NotFound();

    private static async Task<Results<IntactFileResult, RedirectHttpResult, ProblemHttpResult>> TargetAsync(
        string? path, RepositoryReads reads, ITargetLocations? locations, HttpContext http)
    {
        if (path is null || !path.Split('/').All(PublishedNames.IsPlain)
            || reads.Find($"{RepositoryFiles.TargetsFolder}/{path}") is not { } found)
        {
            return RelayProblems.NotFound();
        }

        if (locations is null || !HttpMethods.IsGet(http.Request.Method)
            || http.Request.Headers[ArtifactRedirects.AcceptHeader] != ArtifactRedirects.Accepted
            || await locations.FindAsync($"{RepositoryFiles.TargetsFolder}/{path}", found.File.Length) is not { } elsewhere)
        {
            return reads.Answer(found, http);
        }

        // The address is for this node and this minute.
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Redirect(elsewhere.AbsoluteUri, permanent: false, preserveMethod: true);
    }
}
