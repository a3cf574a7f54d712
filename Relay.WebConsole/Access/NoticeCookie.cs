using Microsoft.AspNetCore.Http;

namespace Relay.WebConsole.Access;

/// <summary>What a form has done, for the next page to say once.</summary>
internal static class NoticeCookie
{
    private const string Name = "__Host-relay-notice";
    private const int MaximumLength = 1_000;

    public static void Set(HttpResponse response, string? notice)
    {
        if (notice is { Length: > 0 and <= MaximumLength })
        {
            response.Cookies.Append(Name, Uri.EscapeDataString(notice), Options());
        }
    }

    /// <summary>The notice, which is gone after this.</summary>
    public static string? Take(HttpContext context)
    {
        if (context.Request.Cookies[Name] is not { Length: > 0 and <= 3 * MaximumLength } notice)
        {
            return null;
        }

        context.Response.Cookies.Delete(Name, Options());
        return Uri.UnescapeDataString(notice);
    }

    private static CookieOptions Options() =>
        new() { Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, IsEssential = true };
}
