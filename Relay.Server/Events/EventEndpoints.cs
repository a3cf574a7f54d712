using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Events;

internal static class EventEndpoints
{
    private const int BusySeconds = 60;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(Routes.Events, OpenAsync)
            .WithSummary("Opens the stream of events: a change of metadata, and its files")
            .RequireAuthorization(AccessPolicies.Reader).RequireRateLimiting(RateLimits.NodeRoutes);

    private static async Task OpenAsync(HttpContext http, EventStreams streams, IHostApplicationLifetime lifetime)
    {
        string? channel = http.Request.Query[RelayEvents.ChannelParameter];
        if (channel is not null && !RelayName.IsValid(channel))
        {
            await EventProblems.InvalidChannel().ExecuteAsync(http);
            return;
        }

        using EventStream? stream = streams.TryOpen(EventCaller.From(http), http.Connection.Id, channel);
        if (stream is null)
        {
            http.Response.Headers.RetryAfter = BusySeconds.ToString(CultureInfo.InvariantCulture);
            await EventProblems.TooManyStreams().ExecuteAsync(http);
            return;
        }

        // An open stream would delay an orderly stop until its time limit.
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = EventFormat.ContentType;
        http.Response.Headers.CacheControl = "no-store, no-transform";

        // nginx takes this as "do not buffer"; other proxies are told by their own settings.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await stream.WriteAsync(http.Response.Body, EventFormat.ReadLastEventId(http.Request.Headers["Last-Event-ID"]), either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The caller left, or the relay stops: both end a stream in order.
        }
    }
}
