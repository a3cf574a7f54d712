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
        .AddSingleton<AssetFiles>()
        .AddSingleton<LivePages>();

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
