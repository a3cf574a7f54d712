using Microsoft.AspNetCore.Http;
using Relay.WebConsole.Layout;

namespace Relay.WebConsole.Access;

/// <summary>Leads to the sign-in, and back afterwards. A form is lost: it was of a session that has ended.</summary>
internal static class SignInRedirect
{
    /// <summary>The parameter with the page to go back to.</summary>
    public const string Back = "back";

    public static void Answer(HttpContext context)
    {
        string? back = HttpMethods.IsGet(context.Request.Method) ? $"{context.Request.Path}{context.Request.QueryString}" : null;
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = ConsolePaths.With(ConsolePaths.SignIn, (Back, back));
        context.Response.Headers.CacheControl = "no-store";
    }

    /// <summary>Pages of the console alone: no link leads from the sign-in to another site.</summary>
    public static string? ReadBack(HttpContext context) => CheckBack(context.Request.Query[Back]);

    /// <summary>Null for a path that is not of the console.</summary>
    public static string? CheckBack(string? path) =>
        path is not null && ConsolePaths.IsOfConsole(path) && !path.Any(char.IsControl) ? path : null;
}
