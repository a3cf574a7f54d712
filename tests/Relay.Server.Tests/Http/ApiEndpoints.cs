using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relay.WebConsole.Routing;

namespace Relay.Server.Tests.Http;

/// <summary>The routes of a relay: those of its API, and those of the console.</summary>
internal static class ApiEndpoints
{
    public static IEnumerable<RouteEndpoint> ReadApiRoutes(this IServiceProvider services) =>
        services.ReadAllRoutes().Where(endpoint => endpoint.Metadata.GetMetadata<ConsoleRoute>() is null);

    public static IEnumerable<RouteEndpoint> ReadConsoleRoutes(this IServiceProvider services) =>
        services.ReadAllRoutes().Where(endpoint => endpoint.Metadata.GetMetadata<ConsoleRoute>() is not null);

    private static IEnumerable<RouteEndpoint> ReadAllRoutes(this IServiceProvider services) =>
        services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();
}
