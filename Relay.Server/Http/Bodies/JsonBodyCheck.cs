using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Relay.Server.Http.Problems;

namespace Relay.Server.Http.Bodies;

/// <summary>Reads the body of every request that reaches a route and applies <see cref="JsonBodyRules"/> before the route's own reader sees
/// it: one place for all routes, also for those that are still to come.</summary>
internal static class JsonBodyCheck
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not null && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            if (!IsUtf8(context.Request.ContentType))
            {
                await RelayProblems.FromStatusCode(StatusCodes.Status415UnsupportedMediaType, context.TraceIdentifier).ExecuteAsync(context);
                return;
            }

            // The server refuses a body beyond the limit of the route.
            MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            if (JsonBodyRules.FindError(body.GetBuffer().AsSpan(0, (int)body.Length)) is { } error)
            {
                await RelayProblems.MalformedJson(error).ExecuteAsync(context);
                return;
            }

            body.Position = 0;
            context.Request.Body = body;
        }

        await next(context);
    }

    /// <summary>JSON between systems is UTF-8 (RFC 8259, 8.1). Whether it is JSON at all is the route's to say.</summary>
    private static bool IsUtf8(string? contentType) =>
        !MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type) || type.Charset.Length == 0
        || HeaderUtilities.RemoveQuotes(type.Charset).Equals(Encoding.UTF8.WebName, StringComparison.OrdinalIgnoreCase)
        || !type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase);
}
