using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Relay.Server.Http;
using Relay.Server.Http.Problems;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>Serves the signed repository as static files; a mirror of the folder can serve nodes as well.</summary>
internal static class RepositoryEndpoints
{
    private const int MaximumSegmentLength = 255;

    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapMethods($"{Routes.Metadata}/{MetadataPaths.Timestamp}", Reads, Timestamp).RequireRateLimiting(RateLimits.OpenRoutes);
        app.MapMethods($"{Routes.Metadata}/{{file}}", Reads, Metadata).RequireRateLimiting(RateLimits.OpenRoutes);
        app.MapMethods($"{Routes.Targets}/{{**path}}", Reads, Target).RequireRateLimiting(RateLimits.OpenRoutes);
    }

    /// <summary>The one file that changes: it is read whole, so that the tag is of the bytes that are sent.</summary>
    private static FileContentHttpResult Timestamp(DataFolder folder, HttpResponse response)
    {
        byte[] content = File.ReadAllBytes(Path.Combine(folder.Repository, "metadata", MetadataPaths.Timestamp));
        response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(content, "application/json", entityTag: Tag(Convert.ToHexStringLower(SHA256.HashData(content))));
    }

    private static Results<PhysicalFileHttpResult, ProblemHttpResult> Metadata(
        string file, DataFolder folder, ImmutableFileTags tags, HttpResponse response) =>
        IsPlain(file) ? Immutable(Path.Combine(folder.Repository, "metadata", file), tags, response) : RelayProblems.NotFound();

    private static Results<PhysicalFileHttpResult, ProblemHttpResult> Target(
        string? path, DataFolder folder, ImmutableFileTags tags, HttpResponse response) =>
        path is not null && path.Split('/').All(IsPlain)
            ? Immutable(Path.Combine([folder.Repository, "targets", .. path.Split('/')]), tags, response)
            : RelayProblems.NotFound();

    private static Results<PhysicalFileHttpResult, ProblemHttpResult> Immutable(string path, ImmutableFileTags tags, HttpResponse response)
    {
        if (!File.Exists(path))
        {
            return RelayProblems.NotFound();
        }

        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        string type = path.EndsWith(".json", StringComparison.Ordinal) ? "application/json" : "application/octet-stream";
        return TypedResults.PhysicalFile(path, type, entityTag: Tag(tags.GetTag(path)), enableRangeProcessing: true);
    }

    /// <summary>Plain names only, so that no path leaves the folder. They are longer than a target's
    /// own name, since a digest stands before it.</summary>
    private static bool IsPlain(string segment) =>
        segment.Length is > 0 and <= MaximumSegmentLength && segment[0] != '.'
        && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static EntityTagHeaderValue Tag(string digest) => new($"\"{digest}\"");
}

/// <summary>SHA-256 of files that never change, computed once.</summary>
internal sealed class ImmutableFileTags
{
    private readonly ConcurrentDictionary<string, string> _byPath = new(StringComparer.Ordinal);

    public string GetTag(string path) => _byPath.GetOrAdd(path, static p =>
    {
        using FileStream stream = File.OpenRead(p);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    });
}
