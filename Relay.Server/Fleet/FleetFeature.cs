using Microsoft.AspNetCore.Authentication;
using Relay.Server.Fleet.Enrollment;
using Relay.Server.Fleet.Identity;
using Relay.Server.Fleet.Usage;
using Relay.Server.Http.Access;

namespace Relay.Server.Fleet;

/// <summary>Nodes, who they are and what they report.</summary>
internal static class FleetFeature
{
    public static IServiceCollection AddFleet(this IServiceCollection services, int maximumNodes) => services
        .AddSingleton(new NodeLimits(maximumNodes))
        .AddSingleton<NodeKeys>()
        .AddTransient<NodeSignatureAuthentication>()
        .Configure<AuthenticationOptions>(authentication =>
            authentication.AddScheme<NodeSignatureAuthentication>(NodeIdentity.SchemeName, null))
        .AddSingleton<EnrollmentTokens>()
        .AddSingleton<NodeEnroller>()
        .AddSingleton<NodeStore>()
        .AddSingleton<FleetOverview>()
        .AddSingleton<NodeSchemas>();

    public static IEndpointRouteBuilder MapFleet(this IEndpointRouteBuilder app)
    {
        FleetEndpoints.Map(app);
        EnrollmentEndpoints.Map(app);
        FleetOverviewEndpoint.Map(app);
        return app;
    }
}
