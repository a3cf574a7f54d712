namespace Relay.Server.Fleet;

/// <summary>Nodes and what they report.</summary>
internal static class FleetFeature
{
    public static IServiceCollection AddFleet(this IServiceCollection services) => services.AddSingleton<NodeStore>();

    public static IEndpointRouteBuilder MapFleet(this IEndpointRouteBuilder app)
    {
        FleetEndpoints.Map(app);
        return app;
    }
}
