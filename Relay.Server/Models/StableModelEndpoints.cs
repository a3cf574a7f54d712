using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Models;

/// <summary>The short routes of the older relay: the models of the stable channel, without signatures.</summary>
internal static class StableModelEndpoints
{
    public const string StableChannel = "stable";
    public const string VersionHeader = "Relay-Model-Version";

    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Routes.LegacyList, List)
            .WithSummary("Lists the models of the channel stable, as the older relay did")
            .RequireAuthorization(AccessPolicies.Reader).RequireRateLimiting(RateLimits.NodeRoutes);
        app.MapMethods(Routes.LegacyArtifact, Reads, Download)
            .WithSummary("Downloads a model of the channel stable, as the older relay did")
            .RequireAuthorization(AccessPolicies.Reader).RequireRateLimiting(RateLimits.NodeRoutes);
    }

    private static Ok<StableModels> List(RepositoryCache repository) => TypedResults.Ok(new StableModels(
        [.. repository.ModelsOf(StableChannel)
            .Select(m => new StableModel(m.Name, m.Version, m.Sha256, m.Length, $"/models/{m.Name}.onnx"))]));

    private static Results<PhysicalFileHttpResult, ProblemHttpResult> Download(
        string name, RepositoryCache repository, ArtifactStore artifacts, IntactFiles files, HttpResponse response)
    {
        if (repository.ModelsOf(StableChannel).FirstOrDefault(m => m.Name == name) is not { } model)
        {
            return ModelProblems.NotInChannel(name, StableChannel);
        }

        string path = artifacts.GetPath(model.Sha256);
        string tag = files.GetTag(path);

        // The next release changes the bytes under this address: a cache must revalidate each time.
        response.Headers.CacheControl = "no-cache";
        response.Headers[VersionHeader] = $"{model.Version}";
        return TypedResults.PhysicalFile(
            path, "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{tag}\""), enableRangeProcessing: true);
    }
}
