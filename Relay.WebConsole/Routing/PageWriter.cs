using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.WebConsole.Access;
using Relay.WebConsole.Assets;
using Relay.WebConsole.Hosting;
using Relay.WebConsole.Layout;

namespace Relay.WebConsole.Routing;

/// <summary>Writes a page: the whole of it, or its content alone where the console's script asks for that.</summary>
internal static class PageWriter
{
    /// <summary>The header by which the script asks for the content of a page without what surrounds it.</summary>
    public const string FragmentHeader = "Relay-Fragment";

    /// <summary>The header with the version of a fragment.</summary>
    public const string VersionHeader = "Relay-Version";

    /// <summary>Nothing from elsewhere, no script and no style in a page itself, no frame around it, forms to the relay alone.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    private const int VersionBytes = 8;

    /// <summary>Whether a request asks for the content of a page alone, as one that follows it does: what is no page does not answer it.</summary>
    public static bool IsFragment(HttpRequest request) => request.Headers.ContainsKey(FragmentHeader);

    public static Task WriteAsync(PageRequest request, Page page) => WriteAsync(request.Context, page, request.User);

    /// <param name="user">Null before the sign-in.</param>
    public static async Task WriteAsync(HttpContext context, Page page, ConsoleUser? user = null)
    {
        IServiceProvider services = context.RequestServices;
        await using HtmlRenderer renderer = new(services, services.GetRequiredService<ILoggerFactory>());
        string content = await RenderAsync<Content>(renderer, new() { ["Page"] = page, ["User"] = user });
        string version = VersionOf(content, user);
        bool isFragment = IsFragment(context.Request);
        string text = isFragment ? content : await RenderAsync<Shell>(
            renderer,
            new()
            {
                ["Page"] = page,
                ["User"] = user,
                ["Content"] = content,
                ["Version"] = version,
                ["Address"] = $"{context.Request.Path}{context.Request.QueryString}",
                ["Notice"] = NoticeCookie.Take(context),
                ["Files"] = services.GetRequiredService<AssetFiles>(),
            });
        HttpResponse response = context.Response;
        response.StatusCode = page.Status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = FragmentHeader;
        response.Headers[VersionHeader] = version;
        await response.WriteAsync(text, context.RequestAborted);
    }

    private static Task<string> RenderAsync<T>(HtmlRenderer renderer, Dictionary<string, object?> parameters)
        where T : IComponent => renderer.Dispatcher.InvokeAsync(
        async () => (await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters))).ToHtmlString());

    /// <summary>The same for all who see the same: the token of the session is left out.</summary>
    private static string VersionOf(string content, ConsoleUser? user)
    {
        string common = user is null ? content : content.Replace(user.CsrfToken, "", StringComparison.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(common)).AsSpan(0, VersionBytes));
    }
}
