using Microsoft.AspNetCore.Authentication;
using Relay.Server.Fleet.Adoption;
using Relay.Server.Fleet.Enrollment;
using Relay.Server.Fleet.Identity;
using Relay.Server.Fleet.Intervals;
using Relay.Server.Fleet.Usage;
using Relay.Server.Http.Access;
using Relay.Server.Repository.GarbageCollection;

namespace Relay.Server.Fleet;

/// <summary>Nodes, who they are and what they report.</summary>
internal static class FleetFeature
{
    public static IServiceCollection AddFleet(this IServiceCollection services, NodeLimits limits) => services
        .AddSingleton(limits)
        .AddSingleton<NodeKeys>()
        .AddTransient<NodeSignatureAuthentication>()
        .Configure<AuthenticationOptions>(authentication =>
            authentication.AddScheme<NodeSignatureAuthentication>(NodeIdentity.SchemeName, null))
        .AddSingleton<EnrollmentTokens>()
        .AddSingleton<NodeEnroller>()
        .AddSingleton<CheckInMeter>()
        .AddSingleton<NodeStore>()
        .AddSingleton<IntervalStore>()
        .AddSingleton<IPastTimestamps>(services => services.GetRequiredService<IntervalStore>())
        .AddSingleton<FleetOverview>()
        .AddSingleton<AdoptionHistory>()
        .AddHostedService<AdoptionWorker>()
        .AddSingleton<NodeSchemas>();

    public static IEndpointRouteBuilder MapFleet(this IEndpointRouteBuilder app)
    {
        FleetEndpoints.Map(app);
        EnrollmentEndpoints.Map(app);
        FleetOverviewEndpoint.Map(app);
        AdoptionEndpoint.Map(app);
        return app;
    }
}
