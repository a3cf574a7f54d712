using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relay.WebConsole.Assets;
using Relay.WebConsole.Audit;
using Relay.WebConsole.Data;
using Relay.WebConsole.Fleet;
using Relay.WebConsole.Home;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Live;
using Relay.WebConsole.Models;
using Relay.WebConsole.Rollouts;
using Relay.WebConsole.Routing;
using Relay.WebConsole.Settings;
using Relay.WebConsole.SignIn;
using Relay.WebConsole.Training;

namespace Relay.WebConsole;

/// <summary>The console in a relay. The relay registers an <see cref="Hosting.IConsoleHost"/> beside it.</summary>
internal static class ConsoleFeature
{
    public static IServiceCollection AddWebConsole(this IServiceCollection services) => services
        .AddResponseCompression(compression =>
        {
            // The token of a form is in the page: SameSite cookies keep other sites from asking for it again and again.
            compression.EnableForHttps = true;
            compression.MimeTypes = ["text/html"];
        })
        .AddSingleton<AssetFiles>()
        .AddSingleton<LivePages>();

    /// <summary>Pages are sent compressed. Early: it takes the place of the body of what follows.</summary>
    public static void UseWebConsole(this IApplicationBuilder app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(ConsolePaths.Root, StringComparison.Ordinal), branch => branch.UseResponseCompression());

    /// <returns>All its routes. Each asks for a session by itself.</returns>
    public static RouteGroupBuilder MapWebConsole(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder console = app.MapGroup(ConsolePaths.Root).WithMetadata(ConsoleRoute.Instance);
        app.ServiceProvider.GetRequiredService<AssetFiles>().Map(console);
        SignInPages.Map(console);
        LiveEndpoint.Map(console);
        FilesEndpoint.Map(console);
        HomePages.Map(console);
        ModelsFeature.Map(console);
        TrainingPages.Map(console);
        RolloutsFeature.Map(console);
        FleetFeature.Map(console);
        DataPages.Map(console);
        AuditPages.Map(console);
        SettingsPages.Map(console);
        console.MapPage("/{**path}", (request, _) => Task.FromResult(ProblemPages.NotFound(request.Address)));
        return console;
    }
}
