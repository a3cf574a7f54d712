using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relay.WebConsole.Access;
using Relay.WebConsole.Hosting;
using Relay.WebConsole.Layout;

namespace Relay.WebConsole.SignIn;

/// <summary>Signing in at a service: the browser goes there, and comes back with a code.</summary>
internal static class ServiceSignIn
{
    private const string CookieName = "__Host-relay-sign-in";
    private const char Separator = '|';
    private static readonly TimeSpan Time = TimeSpan.FromMinutes(10);

    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapGet("/sign-in/service", BeginAsync);
        console.MapGet("/sign-in/callback", FinishAsync);
    }

    private static async Task BeginAsync(HttpContext context)
    {
        IConsoleHost host = context.RequestServices.GetRequiredService<IConsoleHost>();
        string service = context.Request.Query["service"].ToString();
        if (!host.SignInServices.Contains(service, StringComparer.Ordinal))
        {
            await SignInPages.ShowAsync(context, "The relay has no such sign-in service.", StatusCodes.Status404NotFound);
            return;
        }

        if (await host.BeginServiceSignInAsync(service, CallbackOf(context), context.RequestAborted) is not { } begun)
        {
            await SignInPages.ShowAsync(
                context, "This sign-in service cannot be reached: try again, or sign in by an API key.", StatusCodes.Status503ServiceUnavailable);
            return;
        }

        string kept = $"{begun.Keep}{Separator}{SignInRedirect.ReadBack(context)}";
        context.Response.Cookies.Append(CookieName, Uri.EscapeDataString(kept), Options(Time));
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = begun.Address;
        context.Response.Headers.CacheControl = "no-store";
    }

    private static async Task FinishAsync(HttpContext context)
    {
        IConsoleHost host = context.RequestServices.GetRequiredService<IConsoleHost>();
        string[] kept = Uri.UnescapeDataString(context.Request.Cookies[CookieName] ?? "").Split(Separator, 2);
        context.Response.Cookies.Delete(CookieName, Options(null));
        ConsoleSignIn result = await host.FinishServiceSignInAsync(context.Request.Query, kept[0], CallbackOf(context), context.RequestAborted);
        if (result.Token is not { } token)
        {
            await SignInPages.ShowAsync(context, result.Refusal, StatusCodes.Status401Unauthorized);
            return;
        }

        SessionCookie.Set(context.Response, token);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = SignInRedirect.CheckBack(kept.ElementAtOrDefault(1)) ?? ConsolePaths.Root;
        context.Response.Headers.CacheControl = "no-store";
    }

    private static string CallbackOf(HttpContext context) => $"{Uri.UriSchemeHttps}://{context.Request.Host}{ConsolePaths.SignInCallback}";

    // The service sends the browser back from another site, with a link: cookies of a link are sent.
    private static CookieOptions Options(TimeSpan? maximumAge) =>
        new() { Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = maximumAge, IsEssential = true };
}
