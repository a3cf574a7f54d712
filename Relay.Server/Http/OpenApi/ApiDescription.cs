using System.Security.Cryptography;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Relay.Server.Http.Access;
using Scalar.AspNetCore;

namespace Relay.Server.Http.OpenApi;

/// <summary>The OpenAPI document of the relay, and a page that shows it. Both are open: they say nothing about this relay.</summary>
internal static class ApiDescription
{
    public const string Document = "/openapi/v1.json";
    public const string Page = "/scalar";

    /// <summary>The page needs nothing from elsewhere, and may not load it either.</summary>
    private const string PagePolicy =
        "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

    private static readonly byte[] Json = ReadResource();
    private static readonly EntityTagHeaderValue Tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(Json))}\"");

    public static void MapApiDescription(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder open = app.MapGroup("").RequireAuthorization(AccessPolicies.Open).RequireRateLimiting(RateLimits.NodeRoutes);

        // The library opens its files in its own way; every route of the relay names its policy.
        ((IEndpointConventionBuilder)open).Finally(route =>
        {
            foreach (IAllowAnonymous opened in route.Metadata.OfType<IAllowAnonymous>().ToArray())
            {
                route.Metadata.Remove(opened);
            }
        });
        open.MapGet(Document, Read).WithSummary("Reads this document");
        open.MapScalarApiReference(Page, options => options
                .WithTitle("Relay")
                .WithOpenApiRoutePattern(Document)
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .HideDeveloperTools())
            .AddEndpointFilter((context, next) =>
            {
                context.HttpContext.Response.Headers.ContentSecurityPolicy = PagePolicy;
                return context.HttpContext.Request.RouteValues["documentName"] is null or "v1"
                    ? next(context)
                    : new(TypedResults.NotFound());
            });
    }

    private static FileContentHttpResult Read() => TypedResults.Bytes(Json, "application/json", entityTag: Tag);

    private static byte[] ReadResource()
    {
        using Stream resource = typeof(ApiDescription).Assembly.GetManifestResourceStream("relay.openapi.json")!;
        byte[] json = new byte[resource.Length];
        resource.ReadExactly(json);
        return json;
    }
}
