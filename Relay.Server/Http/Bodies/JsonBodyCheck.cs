using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Storage;
using Shared.Contracts.Nodes;

namespace Relay.Server.Http.Bodies;

/// <summary>Reads the body of every request that reaches a route, compares it with its <c>Content-Digest</c>, which a signature covers, and applies
/// <see cref="JsonBodyRules"/> before the route's own reader sees it: one place for all routes, also for those that are still to come.</summary>
internal static class JsonBodyCheck
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<UploadBody>() is { } upload)
        {
            if (NodeIdentity.Find(context.User) is not { } node)
            {
                await context.RequestServices.GetRequiredService<UploadSpool>().InvokeAsync(context, next);
                return;
            }

            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            {
                limit.MaxRequestBodySize = upload.NodeBytes;
            }

            using IDisposable copy = context.RequestServices.GetRequiredService<TemporaryCopies>()
                .Begin(UploadBody.FindDataset(context), upload.SourceOfNode(node));
            await CheckAsync(context, next);
            return;
        }

        await CheckAsync(context, next);
    }

    private static async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not null && await ReadAsync(context) is { } problem)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private static async Task<ProblemHttpResult?> ReadAsync(HttpContext context)
    {
        bool canHaveBody = context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
        if (canHaveBody && !IsUtf8(context.Request.ContentType))
        {
            return RelayProblems.FromStatusCode(StatusCodes.Status415UnsupportedMediaType, context.TraceIdentifier);
        }

        // The server refuses a body beyond the limit of the route.
        MemoryStream? body = canHaveBody ? new() : null;
        if (body is not null)
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }

        ReadOnlyMemory<byte> bytes = body is null ? default : body.GetBuffer().AsMemory(0, (int)body.Length);
        if (context.Request.Headers[ContentDigest.Header] is [{ } digest] && ContentDigest.IsWellFormed(digest)
            && !ContentDigest.Matches(digest, bytes.Span))
        {
            return RelayProblems.ContentDigest();
        }

        if (body is null)
        {
            return null;
        }

        EndpointMetadataCollection? metadata = context.GetEndpoint()?.Metadata;
        bool isJson = metadata?.GetMetadata<BinaryBody>() is null && metadata?.GetMetadata<UploadBody>() is null;
        if (isJson && JsonBodyRules.FindError(bytes.Span) is { } error)
        {
            return RelayProblems.MalformedJson(error);
        }

        body.Position = 0;
        context.Request.Body = body;
        context.Features.Set(new BufferedBody(bytes));
        return null;
    }

    /// <summary>JSON between systems is UTF-8 (RFC 8259, 8.1). Whether it is JSON at all is the route's to say.</summary>
    private static bool IsUtf8(string? contentType) =>
        !MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type) || type.Charset.Length == 0
        || HeaderUtilities.RemoveQuotes(type.Charset).Equals(Encoding.UTF8.WebName, StringComparison.OrdinalIgnoreCase)
        || !type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase);
}
