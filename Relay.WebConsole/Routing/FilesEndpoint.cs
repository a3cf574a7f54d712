using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relay.WebConsole.Access;
using Relay.WebConsole.Hosting;
using Relay.WebConsole.Layout;

namespace Relay.WebConsole.Routing;

/// <summary>Files that the relay's API gives, such as a model card, for a browser that has a session and no API key. It reads alone.</summary>
internal static class FilesEndpoint
{
    private const string ApiPrefix = "/v1/";
    private const string Streams = "/events";

    public static void Map(IEndpointRouteBuilder console) => console.MapGet("/files/{**path}", ReadAsync);

    private static async Task ReadAsync(HttpContext context)
    {
        IConsoleHost host = context.RequestServices.GetRequiredService<IConsoleHost>();
        if (SessionCookie.FindUser(context, host) is not { } user)
        {
            SignInRedirect.Answer(context);
            return;
        }

        string path = context.Request.Path.Value![ConsolePaths.Files.Length..];
        if (PageWriter.IsFragment(context.Request)
            || !path.StartsWith(ApiPrefix, StringComparison.Ordinal) || path.EndsWith(Streams, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        string target = $"{new PathString(path).ToUriComponent()}{context.Request.QueryString}";
        await host.ForwardAsync(user, context, target);
    }
}
