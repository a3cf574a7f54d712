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
}
