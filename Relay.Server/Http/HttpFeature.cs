using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Access;
using Relay.Server.Http.Access.Tokens;
using Relay.Server.Http.Bodies;
using Relay.Server.Http.Files;
using Relay.Server.Http.Problems;
using Relay.Server.Telemetry;

namespace Relay.Server.Http;

/// <summary>What every request passes: problems, JSON rules, rate limits, access, routing.</summary>
internal static partial class HttpFeature
{
    /// <param name="open">What needs no credential.</param>
    /// <param name="identity">The issuers whose tokens are accepted.</param>
    /// <param name="requestsPerSecondAndAddress">The rate limit of the routes of nodes; 0: none.</param>
    /// <param name="trustedProxies">Networks whose proxies name the client's address; empty: none is believed.</param>
    public static IServiceCollection AddRelayHttp(
        this IServiceCollection services, OpenAccess open, IdentitySettings identity, int requestsPerSecondAndAddress,
        IReadOnlyList<IPNetwork> trustedProxies) => services
        .AddAccess(open, identity)
        .AddRateLimits(requestsPerSecondAndAddress)
        .AddForwardedAddresses(trustedProxies)
        .AddSingleton<UploadSpool>()
        .AddSingleton<OpenFileReads>()
        .AddRouting()
        .AddExceptionHandler<StorageFaults>()
        .AddExceptionHandler<ExceptionProblems>()
        .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true)
        .ConfigureHttpJsonOptions(json => Restrict(json.SerializerOptions));

    public static WebApplication UseRelayHttp(this WebApplication app)
    {
        app.UseTraceHeader();
        app.UseForwardedAddresses();
        app.Use(WithoutBodyOnHead);
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(
            context => FromStatusCode(context.HttpContext).ExecuteAsync(context.HttpContext));
        app.UseRouting();
        app.UseWhen(
            context => NodeIdentity.NamesASender(context.Request) || context.Features.Get<ConsoleCaller>() is not null,
            named => named.UseAuthentication());

        // Without this mark the application would authenticate every request, before all else.
        ((IApplicationBuilder)app).Properties["__AuthenticationMiddlewareSet"] = true;
        app.UseRateLimiter();
        app.Use(app.Services.GetRequiredService<OpenFileReads>().InvokeAsync);
        app.UseAuthorization();
        app.Use(QueryParameterCheck.InvokeAsync);
        app.Use(JsonBodyCheck.InvokeAsync);
        return app;
    }

    internal static ProblemHttpResult FromStatusCode(HttpContext context)
    {
        int status = context.Response.StatusCode;
        if (status >= StatusCodes.Status500InternalServerError)
        {
            // The answer refers to the log, and no exception has written there.
            string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "no route";
            LogStatusCode(
                context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(HttpFeature)),
                context.TraceIdentifier, status, context.Request.Method, route);
        }

        return RelayProblems.FromStatusCode(status, context.TraceIdentifier);
    }

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

    [LoggerMessage(1004, LogLevel.Error, "Request {RequestId} was answered by {Status} without an exception: {Method} {Route}")]
    private static partial void LogStatusCode(ILogger log, string requestId, int status, string method, string route);

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
