using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Relay.WebConsole.Access;
using Relay.WebConsole.Hosting;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;

namespace Relay.WebConsole.Live;

/// <summary>The stream of an open page: its content each time that it has changed, as server-sent events.</summary>
internal static class LiveEndpoint
{
    private const string PageParameter = "page";
    private const string VersionParameter = "version";
    private const int QuietIntervals = 7;

    public static void Map(IEndpointRouteBuilder console) => console.MapGet("/live", FollowAsync);

    private static async Task FollowAsync(HttpContext context)
    {
        IConsoleHost host = context.RequestServices.GetRequiredService<IConsoleHost>();
        LivePages pages = context.RequestServices.GetRequiredService<LivePages>();
        string path = context.Request.Query[PageParameter].ToString();
        HttpResponse response = context.Response;
        if (PageWriter.IsFragment(context.Request)
            || SessionCookie.FindToken(context) is not { } token || host.FindUser(token) is not { } user || !ConsolePaths.IsOfConsole(path))
        {
            // The browser opens a stream that ends in order again; what is no stream, it does not. And no stream follows a stream.
            response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        using IDisposable? place = pages.TryEnter();
        if (place is null)
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        IHostApplicationLifetime lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            using HttpClient client = host.CreateClient(user, context);
            await WriteAsync(context, new LiveReader(pages, host, client, user, token, path), stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The browser left, or the relay stops.
        }
    }

    private static async Task WriteAsync(HttpContext context, LiveReader reader, CancellationToken cancellationToken)
    {
        string known = context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } last] ? last : context.Request.Query[VersionParameter].ToString();
        HttpResponse response = context.Response;
        await response.WriteAsync("retry: 3000\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        TimeProvider timeProvider = context.RequestServices.GetRequiredService<TimeProvider>();
        int quiet = 0;
        while (true)
        {
            await Task.Delay(LivePages.Interval, timeProvider, cancellationToken);
            if (await reader.ReadAsync(cancellationToken) is not { } page)
            {
                await response.WriteAsync("event: end\ndata:\n\n", cancellationToken);
                return;
            }

            if (page.Version != known)
            {
                known = page.Version;
                quiet = 0;
                await response.WriteAsync($"event: page\nid: {known}\ndata: {page.Html.ReplaceLineEndings("\ndata: ")}\n\n", cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
            }
            else if (++quiet == QuietIntervals)
            {
                quiet = 0;
                await response.WriteAsync(":\n\n", cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
            }
        }
    }
}
