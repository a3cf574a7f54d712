using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relay.WebConsole.Access;
using Relay.WebConsole.Hosting;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;

namespace Relay.WebConsole.SignIn;

/// <summary>Signing in by an API key, and signing out.</summary>
internal static class SignInPages
{
    private const string Key = "key";
    private const long MaximumBytes = 8 * 1024;

    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapGet("/sign-in", context => ShowAsync(context, null, StatusCodes.Status200OK));
        console.MapPost("/sign-in", SignInAsync).WithMetadata(new FormSizeLimit(MaximumBytes));
        console.MapAction("/sign-out", SignOutAsync, MaximumBytes);
        ServiceSignIn.Map(console);
    }

    public static Task ShowAsync(HttpContext context, string? refusal, int status) => PageWriter.WriteAsync(
        context,
        Page.Create<SignInPage>(
            "Sign in", Section.None,
            ("Refusal", refusal),
            ("Back", SignInRedirect.ReadBack(context)),
            ("Services", context.RequestServices.GetRequiredService<IConsoleHost>().SignInServices)) with
        {
            Status = status,
        });

    private static async Task SignInAsync(HttpContext context)
    {
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!CsrfCheck.IsOfThisSite(context.Request))
        {
            await ShowAsync(context, "The form came from another site.", StatusCodes.Status403Forbidden);
            return;
        }

        IConsoleHost host = context.RequestServices.GetRequiredService<IConsoleHost>();
        ConsoleSignIn result = await host.SignInAsync(form[Key].ToString().Trim(), context.RequestAborted);
        if (result.Token is not { } token)
        {
            await ShowAsync(context, result.Refusal, StatusCodes.Status401Unauthorized);
            return;
        }

        SessionCookie.Set(context.Response, token);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = SignInRedirect.ReadBack(context) ?? ConsolePaths.Root;
    }

    private static Task<ActionResult> SignOutAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        IConsoleHost host = request.Context.RequestServices.GetRequiredService<IConsoleHost>();
        host.SignOut(SessionCookie.FindToken(request.Context)!);
        SessionCookie.Delete(request.Context.Response);
        return Task.FromResult(ActionResult.GoTo(ConsolePaths.SignIn));
    }
}
