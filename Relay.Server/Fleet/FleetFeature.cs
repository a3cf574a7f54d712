namespace Relay.Server.Fleet;

/// <summary>Nodes and what they report.</summary>
internal static class FleetFeature
{
    public static IServiceCollection AddFleet(this IServiceCollection services, int maximumNodes) => services
        .AddSingleton(new NodeLimits(maximumNodes))
        .AddSingleton<NodeStore>()
        .AddSingleton<NodeSchemas>();

    public static IEndpointRouteBuilder MapFleet(this IEndpointRouteBuilder app)
    {
        FleetEndpoints.Map(app);
        return app;
    }
}
