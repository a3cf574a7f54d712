using Microsoft.AspNetCore.Connections;

namespace Relay.Server.Http.Connections;

/// <summary>Registers the bound of sockets.</summary>
internal static class ConnectionFeature
{
    /// <param name="host">The host, before its server is chosen.</param>
    /// <param name="maximum">Of sockets of accepted connections; null: no bound.</param>
    public static IWebHostBuilder UseBoundedSockets(this IWebHostBuilder host, long? maximum) => maximum is { } bound
        ? host.ConfigureServices(services => services.AddSingleton<IConnectionListenerFactory>(provider =>
            ActivatorUtilities.CreateInstance<BoundedListenerFactory>(provider, (int)Math.Min(bound, int.MaxValue))))
        : host;
}
