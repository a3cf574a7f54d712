using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Access;
using Relay.Server.Http.Bodies;
using Relay.Server.Http.Problems;

namespace Relay.Server.Http;

/// <summary>What every request passes: problems, JSON rules, rate limits, API keys, routing.</summary>
internal static class HttpFeature
{
    /// <param name="requestsPerSecondAndAddress">The rate limit of the open routes; 0: none.</param>
    /// <param name="trustedProxies">Networks whose proxies name the client's address; empty: none is believed.</param>
    public static IServiceCollection AddRelayHttp(
        this IServiceCollection services, int requestsPerSecondAndAddress, IReadOnlyList<IPNetwork> trustedProxies) => services
        .AddApiKeys()
        .AddRateLimits(requestsPerSecondAndAddress)
        .AddForwardedAddresses(trustedProxies)
        .AddRouting()
        .AddExceptionHandler<ExceptionProblems>()
        .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true)
        .ConfigureHttpJsonOptions(json => Restrict(json.SerializerOptions));

    public static WebApplication UseRelayHttp(this WebApplication app)
    {
        app.UseForwardedAddresses();
        app.Use(WithoutBodyOnHead);
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(
            context => FromStatusCode(context.HttpContext).ExecuteAsync(context.HttpContext));
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use(JsonBodyCheck.InvokeAsync);
        return app;
    }

    private static ProblemHttpResult FromStatusCode(HttpContext context) =>
        RelayProblems.FromStatusCode(context.Response.StatusCode, context.TraceIdentifier);

    /// <summary>As strict as the contracts' own serializer contexts: an unknown member is an error.</summary>
    private static void Restrict(JsonSerializerOptions json)
    {
        json.AllowDuplicateProperties = false;
        json.PropertyNameCaseInsensitive = false;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
    }

    /// <summary>Problems have a body, and an answer to HEAD must have none: an HTTP/2 client reports a protocol error.</summary>
    private static Task WithoutBodyOnHead(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Body = Stream.Null;
        }

        return next(context);
    }
}
