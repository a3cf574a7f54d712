using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Relay.WebConsole.Browser.Tests.Servers;

/// <summary>A server of a few pages and files that a test gives, under a policy that allows no inline script, no inline style and no other server.
/// </summary>
internal sealed class PageServer : IAsyncDisposable
{
    public const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'";

    private readonly WebApplication _app;

    private PageServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <param name="files">The text by path, as a page unless its name says otherwise; null for a connection that breaks instead.</param>
    public static async Task<PageServer> StartAsync(params (string Path, string? Text)[] files)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        app.MapGet("/favicon.ico", () => TypedResults.NoContent());
        foreach ((string path, string? text) in files)
        {
            app.MapGet(path, (HttpContext context) =>
            {
                if (text is null)
                {
                    context.Abort();
                }

                context.Response.Headers.ContentSecurityPolicy = Policy;
                return TypedResults.Text(text, FindType(path));
            });
        }

        await app.StartAsync();
        return new(app);
    }

    /// <summary>A whole page that axe-core finds nothing in.</summary>
    public static string Page(string body, string head = "") =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Test</title><meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>
        <body><main><h1>Test</h1>{body}</main></body>
        </html>
        """;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string FindType(string path) => Path.GetExtension(path) switch
    {
        ".js" => "text/javascript",
        ".css" => "text/css",
        _ => "text/html",
    };
}
