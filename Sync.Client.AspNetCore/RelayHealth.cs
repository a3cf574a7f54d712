using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Sync.Client.AspNetCore.Health;

namespace Sync.Client.AspNetCore;

/// <summary>Health check and status of a node in an ASP.NET Core app.</summary>
public static class RelayHealth
{
    /// <summary>Adds a check of the node: unhealthy without a release; degraded while the metadata have expired or something is refused, since the
    /// node
    /// keeps serving its active release; else healthy.</summary>
    /// <param name="checks">The app's health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What a node without a release reports; null: unhealthy.</param>
    /// <param name="tags">Tags of the check, such as <c>ready</c>.</param>
    /// <param name="relay">The name that <c>AddRelaySync</c> gave the relay; null for the one without a name.</param>
    public static IHealthChecksBuilder AddRelaySync(
        this IHealthChecksBuilder checks, string name = "relay-sync", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null,
        string? relay = null) =>
        checks.Add(new HealthCheckRegistration(name, services => new RelayHealthCheck(FindNode(services, relay)), failureStatus, tags));

    /// <summary>Maps GET of the node's state as JSON: the active release and versions, what was refused and why. It is for operators:
    /// call <c>RequireAuthorization</c> on the result, or map it on a port of its own.</summary>
    /// <param name="endpoints">The app's endpoints.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="relay">The name that <c>AddRelaySync</c> gave the relay; null for the one without a name.</param>
    public static IEndpointConventionBuilder MapRelayStatus(
        this IEndpointRouteBuilder endpoints, string pattern = "/relay/status", string? relay = null) =>
        endpoints.MapGet(pattern, context => context.Response.WriteAsJsonAsync(
            Create(FindNode(context.RequestServices, relay).Status), StatusJson.Default.NodeStatus,
            cancellationToken: context.RequestAborted)).WithoutThreatScoring();

    private static SyncClient FindNode(IServiceProvider services, string? relay) =>
        relay is null ? services.GetRequiredService<SyncClient>() : services.GetRequiredKeyedService<SyncClient>(relay);

    private static NodeStatus Create(SyncStatus status) => new(
        status.Node, status.Channel, status.Release, status.Stale, status.Steering.ToString(), status.LastRefresh, status.Models,
        status.CurrentRefusals, status.Quarantine);
}
