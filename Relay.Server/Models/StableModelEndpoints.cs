using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Relay.Server.Http;
using Relay.Server.Http.Problems;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Models;

/// <summary>The short routes of the older relay: what the stable channel runs, without signatures.</summary>
internal static class StableModelEndpoints
{
    public const string StableChannel = "stable";
    public const string VersionHeader = "Relay-Model-Version";

    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static void MapStableModels(this IEndpointRouteBuilder app)
    {
        app.MapGet(Routes.LegacyList, List).RequireRateLimiting(RateLimits.OpenRoutes);
        app.MapMethods(Routes.LegacyArtifact, Reads, Download).RequireRateLimiting(RateLimits.OpenRoutes);
    }

    private static Ok<StableModels> List(RepositoryCache repository) => TypedResults.Ok(new StableModels(
        [.. repository.ModelsOf(StableChannel)
            .Select(m => new StableModel(m.Name, m.Version, m.Sha256, m.Length, $"/models/{m.Name}.onnx"))]));

    private static Results<PhysicalFileHttpResult, ProblemHttpResult> Download(
        string name, RepositoryCache repository, ArtifactStore artifacts, HttpResponse response)
    {
        if (repository.ModelsOf(StableChannel).FirstOrDefault(m => m.Name == name) is not { } model)
        {
            return RelayProblems.Problem(
                404, "unknown-model", $"The channel '{StableChannel}' runs no model '{name}': GET {Routes.LegacyList} lists what it runs.");
        }

        // The address stays and the bytes change with the next release: a cache must ask each time.
        response.Headers.CacheControl = "no-cache";
        response.Headers[VersionHeader] = $"{model.Version}";
        return TypedResults.PhysicalFile(
            artifacts.PathOf(model.Sha256), "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{model.Sha256}\""),
            enableRangeProcessing: true);
    }
}
