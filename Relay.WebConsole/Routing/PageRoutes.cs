using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relay.AdminClient;
using Relay.WebConsole.Access;
using Relay.WebConsole.Hosting;
using Relay.WebConsole.Layout;

namespace Relay.WebConsole.Routing;

/// <summary>Makes a page for its request.</summary>
internal delegate Task<Page> PageHandler(PageRequest request, CancellationToken cancellationToken);

/// <summary>Does what a form asks for.</summary>
internal delegate Task<ActionResult> ActionHandler(PageRequest request, IFormCollection form, CancellationToken cancellationToken);

/// <summary>Routes of pages and forms. Each of them needs a session: without one, a page leads to the sign-in and a form is refused.</summary>
internal static class PageRoutes
{
    /// <summary>Bytes of a form without a file.</summary>
    private const long MaximumFormBytes = 256 * 1024;

    public static void MapPage(this IEndpointRouteBuilder console, string pattern, PageHandler handler) =>
        console.MapGet(pattern, context => AnswerPageAsync(context, handler));

    /// <param name="maximumBytes">Of the form.</param>
    public static void MapAction(
        this IEndpointRouteBuilder console, string pattern, ActionHandler handler, long maximumBytes = MaximumFormBytes) =>
        console.MapPost(pattern, context => AnswerFormAsync(context, handler, maximumBytes)).WithMetadata(new FormSizeLimit(maximumBytes));

    private static async Task AnswerPageAsync(HttpContext context, PageHandler handler)
    {
        IConsoleHost host = context.RequestServices.GetRequiredService<IConsoleHost>();
        if (SessionCookie.FindUser(context, host) is not { } user)
        {
            SignInRedirect.Answer(context);
            return;
        }

        using PageRequest request = new(context, user, host.CreateClient(user, context));
        await WriteAsync(request, async () => await handler(request, context.RequestAborted));
    }

    private static async Task AnswerFormAsync(HttpContext context, ActionHandler handler, long maximumBytes)
    {
        IConsoleHost host = context.RequestServices.GetRequiredService<IConsoleHost>();
        if (SessionCookie.FindUser(context, host) is not { } user)
        {
            SignInRedirect.Answer(context);
            return;
        }

        using PageRequest request = new(context, user, host.CreateClient(user, context));
        FormOptions bounds = new() { MultipartBodyLengthLimit = maximumBytes, ValueLengthLimit = (int)Math.Min(maximumBytes, int.MaxValue) };
        IFormCollection form = await context.Request.ReadFormAsync(bounds, context.RequestAborted);
        if (!CsrfCheck.IsOwn(context.Request, form, user))
        {
            await WriteAsync(request, () => Task.FromResult<Page?>(ProblemPages.ForeignForm()));
            return;
        }

        await WriteAsync(
            request,
            async () =>
            {
                ActionResult result = await handler(request, form, context.RequestAborted);
                if (result.Path is { } path)
                {
                    NoticeCookie.Set(context.Response, result.Notice);
                    context.Response.StatusCode = StatusCodes.Status303SeeOther;
                    context.Response.Headers.Location = path;
                }

                return result.Page;
            });
    }

    private static async Task WriteAsync(PageRequest request, Func<Task<Page?>> make)
    {
        Page? page;
        try
        {
            page = await make();
        }
        catch (RelayException refused) when (refused.Status is not null)
        {
            page = ProblemPages.From(refused, request);
        }

        if (page is not null)
        {
            await PageWriter.WriteAsync(request, page);
        }
    }
}
