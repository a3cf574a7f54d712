using Microsoft.AspNetCore.Http;
using Relay.WebConsole.Hosting;

namespace Relay.WebConsole.Access;

/// <summary>The cookie with the secret of a session. It is for this host over TLS alone, no script reads it, and no page of another site sends it
/// with a form. The API does not know it: a browser cannot be made to call the API.</summary>
internal static class SessionCookie
{
    public const string Name = "__Host-relay-console";

    public static string? FindToken(HttpContext context) => context.Request.Cookies[Name] is { Length: > 0 } token ? token : null;

    public static ConsoleUser? FindUser(HttpContext context, IConsoleHost host) =>
        FindToken(context) is { } token ? host.FindUser(token) : null;

    public static void Set(HttpResponse response, string token) => response.Cookies.Append(Name, token, Options());

    public static void Delete(HttpResponse response) => response.Cookies.Delete(Name, Options());

    /// <summary>Without an end: the browser forgets it when it closes, and the relay ends the session before.</summary>
    private static CookieOptions Options() => new() { Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, IsEssential = true };
}
