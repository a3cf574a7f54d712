using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shared.Contracts.Api;

namespace Sync.Client.AspNetCore.Health;

/// <summary>Healthy while all models are active and the metadata are valid; degraded while the node keeps serving what it has; unhealthy without a
/// release.</summary>
internal sealed class RelayHealthCheck(SyncClient node) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        SyncStatus status = node.Status;
        Dictionary<string, object> data = new() { ["release"] = status.Release, ["channel"] = status.Channel };
        foreach (ActiveModel model in status.Models)
        {
            data[model.Name] = model.Version;
        }

        string refused = string.Join("; ", status.CurrentRefusals.Select(refusal => $"{refusal.Reason} of {refusal.Subject}: {refusal.Detail}"));
        return Task.FromResult(
            status.Release == 0
                ? new HealthCheckResult(context.Registration.FailureStatus, $"no release is active yet. {refused}".TrimEnd(), data: data)
            : status.Stale ? HealthCheckResult.Degraded($"the metadata have expired: no new release is accepted. {refused}".TrimEnd(), data: data)
            : refused.Length > 0 ? HealthCheckResult.Degraded(refused, data: data)
            : HealthCheckResult.Healthy($"release {status.Release} is active", data));
    }
}
