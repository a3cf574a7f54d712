using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Relay.Server.Datasets.Samples;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Bodies;
using Relay.Server.Http.Problems;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Datasets.Uploads;

/// <summary>Takes samples and labels, from nodes and from holders of keys.</summary>
internal static class UploadEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder uploads = app.MapGroup(Routes.Datasets + "/{name}").RequireAuthorization(AccessPolicies.Contribute)
            .RequireRateLimiting(RateLimits.NodeRoutes)
            .ExpectDeletion()
            .WithMetadata(new RequestSizeLimitAttribute(SampleBounds.KeyBytes), new UploadBody(SampleBounds.NodeBytes, SampleSource.NameOfNode));
        uploads.MapPost("samples", AddSamples).WithSummary("Adds rows to a dataset");
        uploads.MapPost("labels", AddLabels).WithSummary("Adds labels of rows, however late they come");
    }

    private static async Task<Results<Ok<UploadReport>, ProblemHttpResult>> AddSamples(
        string name, HttpContext context, DatasetStore datasets, UploadService uploads) => datasets.Find(name) is { } dataset
            ? await uploads.AddAsync(dataset, UploadKind.Samples, [.. dataset.Spec.Columns.Select(c => c.Name)], context)
            : DatasetProblems.Unknown(name);

    private static async Task<Results<Ok<UploadReport>, ProblemHttpResult>> AddLabels(
        string name, HttpContext context, DatasetStore datasets, UploadService uploads) => datasets.Find(name) switch
        {
            null => DatasetProblems.Unknown(name),
            { Spec.LabelColumn: null } => DatasetProblems.WithoutLabels(name),
            { } dataset => await uploads.AddAsync(dataset, UploadKind.Labels, [SampleBounds.LabelColumn], context),
        };
}
