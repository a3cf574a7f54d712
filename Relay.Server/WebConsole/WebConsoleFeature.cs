using Relay.Server.Http.Access;
using Relay.Server.Http.Bodies;
using Relay.WebConsole;
using Relay.WebConsole.Hosting;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;

namespace Relay.Server.WebConsole;

/// <summary>The console for browsers, at the root of the relay's address.</summary>
internal static class WebConsoleFeature
{
    public static IServiceCollection AddConsole(this IServiceCollection services) => services
        .AddWebConsole()
        .AddSingleton<InnerPipeline>()
        .AddSingleton<ConsoleSessions>()
        .AddSingleton<TokenSignIn>()
        .AddSingleton<IConsoleHost, ConsoleHost>();

    /// <summary>Before all else: a request of the process to itself passes what follows.</summary>
    public static WebApplication UseInnerRequests(this WebApplication app)
    {
        InnerPipeline pipeline = app.Services.GetRequiredService<InnerPipeline>();
        app.Use(next =>
        {
            pipeline.Next = next;
            return next;
        });
        app.UseWebConsole();
        return app;
    }

    /// <summary>Its pages are open to a browser without a credential, which they lead to the sign-in; what a user may see and do, the API decides.
    /// Forms are no JSON.</summary>
    public static IEndpointRouteBuilder MapConsole(this IEndpointRouteBuilder app)
    {
        app.MapWebConsole().RequireAuthorization(AccessPolicies.Open).WithMetadata(BinaryBody.Instance).ExcludeFromDescription();
        app.MapGet("/", context =>
        {
            context.Response.Redirect(ConsolePaths.Root);
            return Task.CompletedTask;
        }).RequireAuthorization(AccessPolicies.Open).WithMetadata(ConsoleRoute.Instance).ExcludeFromDescription();
        return app;
    }
}
