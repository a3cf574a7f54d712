using Relay.Server.Fleet;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Monitoring.Figures;
using Relay.Server.Signing;

namespace Relay.Server.Monitoring;

/// <summary><c>GET /metrics</c>, in the text form of Prometheus.</summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    public static void Map(IEndpointRouteBuilder app)
    {
        // Before the collector, which then ends first: its last collection reads them.
        app.ServiceProvider.GetRequiredService<FigureGauges>();
        bool isOpen = app.ServiceProvider.GetRequiredService<OpenAccess>().Metrics;
        app.MapPrometheusScrapingEndpoint(Path)
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get]))
            .RequireAuthorization(isOpen ? AccessPolicies.Open : AccessPolicies.Audit)
            .RequireRateLimiting(RateLimits.NodeRoutes);

        // After it, which hears them then: made by the first report or failure, they would hide it as the value that they begin with.
        app.ServiceProvider.GetRequiredService<CheckInMeter>();
        app.ServiceProvider.GetRequiredService<SigningMeter>();
    }
}
