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
    public static IHealthChecksBuilder AddRelaySync(
        this IHealthChecksBuilder checks, string name = "relay-sync", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null) =>
        checks.AddCheck<RelayHealthCheck>(name, failureStatus, tags ?? []);

    /// <summary>Maps GET of the node's state as JSON: the active release and versions, what was refused and why. It is for operators:
    /// call <c>RequireAuthorization</c> on the result, or map it on a port of its own.</summary>
    public static IEndpointConventionBuilder MapRelayStatus(this IEndpointRouteBuilder endpoints, string pattern = "/relay/status") =>
        endpoints.MapGet(pattern, context => context.Response.WriteAsJsonAsync(
            Create(context.RequestServices.GetRequiredService<SyncClient>().Status), StatusJson.Default.NodeStatus,
            cancellationToken: context.RequestAborted)).WithoutThreatScoring();

    private static NodeStatus Create(SyncStatus status) => new(
        status.Node, status.Channel, status.Release, status.Stale, status.Steering.ToString(), status.LastRefresh, status.Models,
        status.CurrentRefusals, status.Quarantine);
}
