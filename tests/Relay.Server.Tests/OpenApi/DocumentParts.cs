using System.Net.Mime;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Relay.Server.Http.Access;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.OpenApi;

/// <summary>What no handler's signature shows: problems, the parameter of a stream, and the route of a library.</summary>
internal static class DocumentParts
{
    public static void AddProblems(OpenApiResponses responses, OpenApiDocument document)
    {
        responses["4XX"] = Problem("The request is refused; `type` says why and `detail` what to do.");
        responses["5XX"] = Problem(
            "The relay cannot do it now, such as 503 while it is busy or its disk is full; `type` says why. Try again, after `Retry-After` where "
            + "it is given.");

        OpenApiResponse Problem(string description) => new()
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [MediaTypeNames.Application.ProblemJson] = new() { Schema = new OpenApiSchemaReference(nameof(ProblemDetails), document) },
            },
        };
    }

    /// <summary>The one route whose handler a library writes.</summary>
    public static OpenApiPathItem Metrics(OpenApiDocument document)
    {
        OpenApiOperation read = new()
        {
            Summary = "Reads the metrics of the relay, for Prometheus",
            OperationId = RouteTexts.OperationId("GET", "/metrics"),
            Tags = new HashSet<OpenApiTagReference> { new(RouteTexts.Tag("/metrics"), document) },
            Description = RouteTexts.Caller(AccessPolicies.Audit),
            Security = [new() { [new(RelayDocument.Key, document)] = [] }],
            Responses = new()
            {
                ["200"] = new OpenApiResponse
                {
                    Description = "OK",
                    Content = new Dictionary<string, OpenApiMediaType> { [MediaTypeNames.Text.Plain] = new() },
                },
            },
        };
        AddProblems(read.Responses, document);
        return new() { Operations = new() { [HttpMethod.Get] = read } };
    }

    public static OpenApiParameter IdempotencyKey() => Header(
        Routes.IdempotencyKeyHeader,
        "A text that the caller makes for this change, such as a UUID: sent again within a day, the change is not made again.");

    public static OpenApiParameter IfMatch() => Header(
        "If-Match", "The `ETag` that the change is based on: where another changed it meanwhile, nothing is done; none: it is done in any case.");

    private static OpenApiParameter Header(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    public static OpenApiParameter ChannelOfEvents() => new()
    {
        Name = RelayEvents.ChannelParameter,
        In = ParameterLocation.Query,
        Description = "The channel whose changed files the stream sends before each hint; none: hints alone.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
