using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Files;
using Relay.Server.Http.Problems;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>Serves the signed repository as static files; a mirror of the folder can serve nodes as well.</summary>
internal static class RepositoryEndpoints
{
    private const int MaximumSegmentLength = 255;
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
        files.MapMethods($"{Routes.Metadata}/{{file}}", Reads, Metadata).WithSummary("Reads a file of metadata");
        files.MapMethods($"{Routes.Targets}/{{**path}}", Reads, Target).WithSummary("Reads a target: a model, its signature or a document");
    }

    private static IntactFileResult Timestamp(TimestampFile timestamp, PollPace pace, HttpResponse response)
    {
        response.Headers.CacheControl = "no-cache";
        if (pace.Seconds > 0)
        {
            response.Headers[RelayEvents.PollSecondsHeader] = pace.Seconds.ToString(CultureInfo.InvariantCulture);
        }

        return new IntactFileResult(timestamp.Path, timestamp.Read(), Json, isImmutable: false);
    }

    private static Results<IntactFileResult, ProblemHttpResult> Metadata(
        string file, DataFolder folder, IntactFiles files, OpenAccess open, HttpResponse response) =>
        IsPlain(file) ? Immutable(Path.Combine(folder.Repository, "metadata", file), files, open, response) : RelayProblems.NotFound();

    private static Results<IntactFileResult, ProblemHttpResult> Target(
        string? path, DataFolder folder, IntactFiles files, OpenAccess open, HttpResponse response) =>
        path is not null && path.Split('/').All(IsPlain)
            ? Immutable(Path.Combine([folder.Repository, "targets", .. path.Split('/')]), files, open, response)
            : RelayProblems.NotFound();

    private static Results<IntactFileResult, ProblemHttpResult> Immutable(string path, IntactFiles files, OpenAccess open, HttpResponse response)
    {
        if (files.Find(path) is not { } intact)
        {
            return RelayProblems.NotFound();
        }

        // A cache on the way does not know who may read: without open artifacts it keeps nothing.
        response.Headers.CacheControl = open.Artifacts ? "public, max-age=31536000, immutable" : "private, max-age=31536000, immutable";
        string type = path.EndsWith(".json", StringComparison.Ordinal) ? Json : MediaTypeNames.Application.Octet;
        return new IntactFileResult(path, intact, type, isImmutable: true);
    }

    /// <summary>Plain names only, so that no path leaves the folder. They are longer than a target's
    /// own name, since a digest stands before it.</summary>
    private static bool IsPlain(string segment) =>
        segment.Length is > 0 and <= MaximumSegmentLength && segment[0] != '.'
        && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}
